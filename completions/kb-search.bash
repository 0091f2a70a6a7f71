# bash completion for kb-search; written by tests/completions.sh
_kb_search()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--answers) kind=dir ;;
	--answers-ttl) kind=text ;;
	--at) kind=text ;;
	--embed-cmd) kind=text ;;
	--filter) kind=text ;;
	-i | --index) kind=dir ;;
	-k | --hits) kind=text ;;
	--legs) kind=list words='lexical vector graph' ;;
	--lock-wait) kind=text ;;
	--mmr) kind=text ;;
	--model-file) kind=file ;;
	--rerank) kind=text ;;
	--rerank-hits) kind=text ;;
	--rerank-timeout) kind=text ;;
	--rerank-weight) kind=text ;;
	--seed) kind=text ;;
	--synonyms) kind=file ;;
	--tune) kind=file ;;
	--weights) kind=text ;;
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
	--format) kind=choice words='json text trec ids grep' ;;
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
		COMPREPLY=($(compgen -W "--answers= --answers-ttl= --at= --distinct --duplicates --embed-cmd= --exhaustive --explain --filter= --index= --hits= --legs= --lock-wait= --mmr= --model-file= --no-model --model --no-spelling --spelling --no-synonyms --path --plain --reload --rerank= --rerank-hits= --rerank-timeout= --rerank-weight= --rrf --seed= --synonyms= --tune= --weights= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version --no-answers --no-answers-ttl --no-at --no-distinct --no-duplicates --no-embed-cmd --no-exhaustive --no-explain --no-filter --no-index --no-hits --no-legs --no-lock-wait --no-mmr --no-model-file --no-no-synonyms --no-path --no-plain --no-reload --no-rerank --no-rerank-hits --no-rerank-timeout --no-rerank-weight --no-rrf --no-seed --no-tune --no-weights --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-format --no-color --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--answers= --answers-ttl= --at= --distinct --duplicates --embed-cmd= --exhaustive --explain --filter= --index= --hits= --legs= --lock-wait= --mmr= --model-file= --no-model --model --no-spelling --spelling --no-synonyms --path --plain --reload --rerank= --rerank-hits= --rerank-timeout= --rerank-weight= --rrf --seed= --synonyms= --tune= --weights= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _kb_search kb-search
