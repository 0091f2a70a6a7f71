# bash completion for kb-eval; written by tests/completions.sh
_kb_eval()
{
	local cur=${COMP_WORDS[COMP_CWORD]} _kb_words= _kb_path=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--format) _kb_words='json text' ;;
	-q | --qrels) _kb_path=file ;;
	-r | --run) _kb_path=file ;;
	--set) _kb_path=file ;;
	--threshold) _kb_path=none ;;
	--rounds) _kb_path=none ;;
	--seed) _kb_path=none ;;
	esac
	case $_kb_path$_kb_words,$cur in
	none,*) COMPREPLY=() ;;
	file,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,-*)
		COMPREPLY=($(compgen -W "--format= --qrels= --run= --only-run --set= --threshold= --rounds= --seed= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$_kb_words" -- "$cur")) ;;
	esac
}
complete -o filenames -F _kb_eval kb-eval
