# bash completion for llm-call; written by tests/completions.sh
_llm_call()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--budget) kind=text ;;
	--cache) kind=dir ;;
	--cache-size) kind=text ;;
	--cache-ttl) kind=text ;;
	--cascade-train) kind=file ;;
	--deadline) kind=text ;;
	--encoder) kind=text ;;
	--in-flight) kind=text ;;
	--max-tokens) kind=text ;;
	--keep) kind=text ;;
	-m | --model) kind=text ;;
	--model-file) kind=file ;;
	-O | --option) kind=text ;;
	--provider) kind=text ;;
	--samples) kind=text ;;
	--samples-least) kind=text ;;
	--schema) kind=file ;;
	--seed) kind=text ;;
	--stream) kind=choice words='text jsonl off' ;;
	-s | --system) kind=text ;;
	--temperature) kind=text ;;
	--timeout) kind=text ;;
	--trace) kind=file ;;
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
		COMPREPLY=($(compgen -W "--budget= --cache= --cache-size= --cache-ttl= --cascade-train= --deadline= --dry-run --embed --encoder= --in-flight= --max-tokens= --keep= --model= --model-file= --option= --provider= --rerank --samples= --samples-least= --schema= --seed= --stream= --system= --temperature= --timeout= --trace= --trace-messages --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version --no-budget --no-cache --no-cache-size --no-cache-ttl --no-cascade-train --no-deadline --no-dry-run --no-embed --no-encoder --no-in-flight --no-max-tokens --no-keep --no-model --no-model-file --no-option --no-provider --no-rerank --no-samples --no-samples-least --no-schema --no-seed --no-stream --no-system --no-temperature --no-timeout --no-trace --no-trace-messages --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-format --no-color --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--budget= --cache= --cache-size= --cache-ttl= --cascade-train= --deadline= --dry-run --embed --encoder= --in-flight= --max-tokens= --keep= --model= --model-file= --option= --provider= --rerank --samples= --samples-least= --schema= --seed= --stream= --system= --temperature= --timeout= --trace= --trace-messages --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _llm_call llm-call
