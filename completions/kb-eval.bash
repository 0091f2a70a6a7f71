# bash completion for kb-eval; written by tests/completions.sh
_kb_eval_retrieval()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	-q | --qrels) kind=file ;;
	--rounds) kind=text ;;
	-r | --run) kind=file ;;
	--seed) kind=text ;;
	--fail-over) kind=text ;;
	--fail-under) kind=text ;;
	--set) kind=text ;;
	--format) kind=choice words='json text' ;;
	--config) kind=file ;;
	esac
	case $kind,$cur in
	text,*) COMPREPLY=() ;;
	choice,*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
	list,*)
		local head=${cur%"${cur##*,}"}
		COMPREPLY=($(compgen -P "$head" -W "$words" -- "${cur##*,}"))
		compopt -o nospace
		;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,--no*)
		COMPREPLY=($(compgen -W "--only-run --qrels= --rounds= --run= --seed= --fail-over= --fail-under= --set= --format= --config= --help --version --no-only-run --no-qrels --no-rounds --no-run --no-seed --no-fail-over --no-fail-under --no-set --no-format --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--only-run --qrels= --rounds= --run= --seed= --fail-over= --fail-under= --set= --format= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_kb_eval_answers()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--fail-over) kind=text ;;
	--fail-under) kind=text ;;
	--set) kind=text ;;
	--format) kind=choice words='json text' ;;
	--config) kind=file ;;
	esac
	case $kind,$cur in
	text,*) COMPREPLY=() ;;
	choice,*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
	list,*)
		local head=${cur%"${cur##*,}"}
		COMPREPLY=($(compgen -P "$head" -W "$words" -- "${cur##*,}"))
		compopt -o nospace
		;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,--no*)
		COMPREPLY=($(compgen -W "--fail-over= --fail-under= --set= --format= --config= --help --version --no-fail-over --no-fail-under --no-set --no-format --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--fail-over= --fail-under= --set= --format= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_kb_eval_confidence()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--plot) kind=file ;;
	--threshold) kind=text ;;
	--fail-over) kind=text ;;
	--fail-under) kind=text ;;
	--set) kind=text ;;
	--format) kind=choice words='json text' ;;
	--config) kind=file ;;
	esac
	case $kind,$cur in
	text,*) COMPREPLY=() ;;
	choice,*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
	list,*)
		local head=${cur%"${cur##*,}"}
		COMPREPLY=($(compgen -P "$head" -W "$words" -- "${cur##*,}"))
		compopt -o nospace
		;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,--no*)
		COMPREPLY=($(compgen -W "--plot= --threshold= --fail-over= --fail-under= --set= --format= --config= --help --version --no-plot --no-threshold --no-fail-over --no-fail-under --no-set --no-format --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--plot= --threshold= --fail-over= --fail-under= --set= --format= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_kb_eval_check()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--base) kind=text ;;
	--by) kind=text ;;
	--delta) kind=text ;;
	--draws) kind=text ;;
	--labels) kind=text ;;
	--plot) kind=file ;;
	--risk) kind=text ;;
	--score) kind=choice words='confidence p' ;;
	--seed) kind=text ;;
	--threshold) kind=text ;;
	--fail-over) kind=text ;;
	--fail-under) kind=text ;;
	--set) kind=text ;;
	--format) kind=choice words='json text' ;;
	--config) kind=file ;;
	esac
	case $kind,$cur in
	text,*) COMPREPLY=() ;;
	choice,*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
	list,*)
		local head=${cur%"${cur##*,}"}
		COMPREPLY=($(compgen -P "$head" -W "$words" -- "${cur##*,}"))
		compopt -o nospace
		;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,--no*)
		COMPREPLY=($(compgen -W "--base= --by= --delta= --draws= --labels= --plot= --risk= --score= --seed= --threshold= --fail-over= --fail-under= --set= --format= --config= --help --version --no-base --no-by --no-delta --no-draws --no-labels --no-plot --no-risk --no-score --no-seed --no-threshold --no-fail-over --no-fail-under --no-set --no-format --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--base= --by= --delta= --draws= --labels= --plot= --risk= --score= --seed= --threshold= --fail-over= --fail-under= --set= --format= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_kb_eval_compare()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--rounds) kind=text ;;
	--seed) kind=text ;;
	--fail-over) kind=text ;;
	--fail-under) kind=text ;;
	--set) kind=text ;;
	--format) kind=choice words='json text' ;;
	--config) kind=file ;;
	esac
	case $kind,$cur in
	text,*) COMPREPLY=() ;;
	choice,*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
	list,*)
		local head=${cur%"${cur##*,}"}
		COMPREPLY=($(compgen -P "$head" -W "$words" -- "${cur##*,}"))
		compopt -o nospace
		;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,--no*)
		COMPREPLY=($(compgen -W "--rounds= --seed= --fail-over= --fail-under= --set= --format= --config= --help --version --no-rounds --no-seed --no-fail-over --no-fail-under --no-set --no-format --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--rounds= --seed= --fail-over= --fail-under= --set= --format= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_kb_eval()
{
	case $COMP_CWORD,${COMP_WORDS[1]} in
	1,*) COMPREPLY=($(compgen -W "retrieval answers confidence check compare --help --version" -- "${COMP_WORDS[1]}")) ;;
	*,retrieval) _kb_eval_retrieval ;;
	*,answers) _kb_eval_answers ;;
	*,confidence) _kb_eval_confidence ;;
	*,check) _kb_eval_check ;;
	*,compare) _kb_eval_compare ;;
	esac
}
complete -o filenames -F _kb_eval kb-eval
