# bash completion for text-classify; written by tests/completions.sh
_text_classify_train()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--label) kind=text ;;
	--text) kind=text ;;
	-f | --file) kind=file ;;
	-o | --output) kind=file ;;
	-j | --jobs) kind=text ;;
	--input) kind=choice words='auto json text csv tsv' ;;
	--columns) kind=text ;;
	--max-line) kind=text ;;
	--on-error) kind=choice words='keep drop fail' ;;
	--dead-letter) kind=file ;;
	--resume) kind=file ;;
	--stats) kind=file ;;
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
		COMPREPLY=($(compgen -W "--flat --label= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --config= --help --version --no-flat --no-label --no-text --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--flat --label= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_text_classify_predict()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	-m | --model) kind=file ;;
	--keep) kind=text ;;
	--leaf) kind=text ;;
	--other) kind=text ;;
	--route) kind=text ;;
	--threshold) kind=text ;;
	--text) kind=text ;;
	-f | --file) kind=file ;;
	-o | --output) kind=file ;;
	-j | --jobs) kind=text ;;
	--input) kind=choice words='auto json text csv tsv' ;;
	--columns) kind=text ;;
	--max-line) kind=text ;;
	--on-error) kind=choice words='keep drop fail' ;;
	--dead-letter) kind=file ;;
	--resume) kind=file ;;
	--stats) kind=file ;;
	--format) kind=choice words='json text tsv' ;;
	--color) kind=choice words='auto always never' ;;
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
		COMPREPLY=($(compgen -W "--model= --keep= --leaf= --other= --route= --threshold= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version --no-model --no-keep --no-leaf --no-other --no-route --no-threshold --no-text --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-format --no-color --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--model= --keep= --leaf= --other= --route= --threshold= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_text_classify_calibrate()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--label) kind=text ;;
	-m | --model) kind=file ;;
	--text) kind=text ;;
	-f | --file) kind=file ;;
	-o | --output) kind=file ;;
	-j | --jobs) kind=text ;;
	--input) kind=choice words='auto json text csv tsv' ;;
	--columns) kind=text ;;
	--max-line) kind=text ;;
	--on-error) kind=choice words='keep drop fail' ;;
	--dead-letter) kind=file ;;
	--resume) kind=file ;;
	--stats) kind=file ;;
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
		COMPREPLY=($(compgen -W "--label= --model= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --config= --help --version --no-label --no-model --no-text --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--label= --model= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_text_classify_select()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	-m | --model) kind=file ;;
	-n | --records) kind=text ;;
	--text) kind=text ;;
	-f | --file) kind=file ;;
	-o | --output) kind=file ;;
	-j | --jobs) kind=text ;;
	--input) kind=choice words='auto json text csv tsv' ;;
	--columns) kind=text ;;
	--max-line) kind=text ;;
	--on-error) kind=choice words='keep drop fail' ;;
	--dead-letter) kind=file ;;
	--resume) kind=file ;;
	--stats) kind=file ;;
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
		COMPREPLY=($(compgen -W "--model= --records= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --config= --help --version --no-model --no-records --no-text --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--model= --records= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_text_classify_eval()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--label) kind=text ;;
	-m | --model) kind=file ;;
	--keep) kind=text ;;
	--leaf) kind=text ;;
	--other) kind=text ;;
	--threshold) kind=text ;;
	--text) kind=text ;;
	-f | --file) kind=file ;;
	-o | --output) kind=file ;;
	-j | --jobs) kind=text ;;
	--input) kind=choice words='auto json text csv tsv' ;;
	--columns) kind=text ;;
	--max-line) kind=text ;;
	--on-error) kind=choice words='keep drop fail' ;;
	--dead-letter) kind=file ;;
	--resume) kind=file ;;
	--stats) kind=file ;;
	--format) kind=choice words='json text' ;;
	--color) kind=choice words='auto always never' ;;
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
		COMPREPLY=($(compgen -W "--label= --model= --keep= --leaf= --other= --threshold= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version --no-label --no-model --no-keep --no-leaf --no-other --no-threshold --no-text --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-format --no-color --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--label= --model= --keep= --leaf= --other= --threshold= --text= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
_text_classify()
{
	case $COMP_CWORD,${COMP_WORDS[1]} in
	1,*) COMPREPLY=($(compgen -W "train predict calibrate select eval --help --version" -- "${COMP_WORDS[1]}")) ;;
	*,train) _text_classify_train ;;
	*,predict) _text_classify_predict ;;
	*,calibrate) _text_classify_calibrate ;;
	*,select) _text_classify_select ;;
	*,eval) _text_classify_eval ;;
	esac
}
complete -o filenames -F _text_classify text-classify
