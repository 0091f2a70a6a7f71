# bash completion for llm-call; written by tests/completions.sh
_llm_call()
{
	local cur=${COMP_WORDS[COMP_CWORD]} _kb_words= _kb_path=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--config) _kb_path=file ;;
	--deadline) _kb_path=none ;;
	--in-flight) _kb_path=none ;;
	--max-tokens) _kb_path=none ;;
	-m | --model) _kb_path=file ;;
	-O | --option) _kb_path=none ;;
	--provider) _kb_path=file ;;
	--seed) _kb_path=none ;;
	-s | --system) _kb_path=none ;;
	--temperature) _kb_path=none ;;
	--timeout) _kb_path=none ;;
	-f | --file) _kb_path=file ;;
	-o | --output) _kb_path=file ;;
	-j | --jobs) _kb_path=none ;;
	--input) _kb_words='auto json text' ;;
	--max-line) _kb_path=none ;;
	--on-error) _kb_words='keep drop fail' ;;
	--dead-letter) _kb_path=file ;;
	--resume) _kb_path=file ;;
	--stats) _kb_path=file ;;
	--format) _kb_words='json text' ;;
	esac
	case $_kb_path$_kb_words,$cur in
	none,*) COMPREPLY=() ;;
	file,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,-*)
		COMPREPLY=($(compgen -W "--config= --deadline= --dry-run --embed --in-flight= --max-tokens= --model= --no-stream --option= --provider= --rerank --seed= --stream --system= --temperature= --timeout= --help --version --file= --output= --jobs= --unordered --input= --max-line= --on-error= --dead-letter= --retry --resume= --stats= --progress --timing --exit-status --verbose --format=" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$_kb_words" -- "$cur")) ;;
	esac
}
complete -o filenames -F _llm_call llm-call
