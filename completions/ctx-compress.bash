# bash completion for ctx-compress; written by tests/completions.sh
_ctx_compress()
{
	local cur=${COMP_WORDS[COMP_CWORD]} _kb_words= _kb_path=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	-b | --budget) _kb_path=none ;;
	-r | --ratio) _kb_path=none ;;
	-k | --keep-last) _kb_path=none ;;
	--over) _kb_words='error flag' ;;
	-f | --file) _kb_path=file ;;
	-o | --output) _kb_path=file ;;
	-j | --jobs) _kb_path=none ;;
	--input) _kb_words='auto json text' ;;
	--max-line) _kb_path=none ;;
	--on-error) _kb_words='keep drop fail' ;;
	--dead-letter) _kb_path=file ;;
	--resume) _kb_path=file ;;
	--stats) _kb_path=file ;;
	esac
	case $_kb_path$_kb_words,$cur in
	none,*) COMPREPLY=() ;;
	file,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,-*)
		COMPREPLY=($(compgen -W "--budget= --ratio= --keep-last= --over= --no-summary --help --version --file= --output= --jobs= --unordered --input= --max-line= --on-error= --dead-letter= --retry --resume= --stats= --progress --timing --exit-status --verbose" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$_kb_words" -- "$cur")) ;;
	esac
}
complete -o filenames -F _ctx_compress ctx-compress
