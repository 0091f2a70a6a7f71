# bash completion for kb-search; written by tests/completions.sh
_kb_search()
{
	local cur=${COMP_WORDS[COMP_CWORD]} _kb_words= _kb_path=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--at) _kb_path=none ;;
	--embed-cmd) _kb_path=none ;;
	--filter) _kb_path=none ;;
	-i | --index) _kb_path=dir ;;
	-k | --hits) _kb_path=none ;;
	--legs) _kb_path=file ;;
	--lock-wait) _kb_path=none ;;
	--mmr) _kb_path=none ;;
	--rerank) _kb_path=none ;;
	--rerank-hits) _kb_path=none ;;
	--rerank-timeout) _kb_path=none ;;
	--rerank-weight) _kb_path=none ;;
	--seed) _kb_path=none ;;
	--synonyms) _kb_path=file ;;
	--tune) _kb_path=none ;;
	--weights) _kb_path=none ;;
	-f | --file) _kb_path=file ;;
	-o | --output) _kb_path=file ;;
	-j | --jobs) _kb_path=none ;;
	--input) _kb_words='auto json text' ;;
	--max-line) _kb_path=none ;;
	--on-error) _kb_words='keep drop fail' ;;
	--dead-letter) _kb_path=file ;;
	--resume) _kb_path=file ;;
	--stats) _kb_path=file ;;
	--format) _kb_words='json text trec ids' ;;
	esac
	case $_kb_path$_kb_words,$cur in
	none,*) COMPREPLY=() ;;
	file,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,-*)
		COMPREPLY=($(compgen -W "--at= --distinct --duplicates --embed-cmd= --exhaustive --explain --filter= --index= --hits= --legs= --lock-wait= --mmr= --no-spelling --no-synonyms --path --plain --reload --rerank= --rerank-hits= --rerank-timeout= --rerank-weight= --rrf --seed= --synonyms= --tune= --weights= --help --version --file= --output= --jobs= --unordered --input= --max-line= --on-error= --dead-letter= --retry --resume= --stats= --progress --timing --exit-status --verbose --format=" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$_kb_words" -- "$cur")) ;;
	esac
}
complete -o filenames -F _kb_search kb-search
