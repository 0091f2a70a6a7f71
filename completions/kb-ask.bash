# bash completion for kb-ask; written by tests/completions.sh
_kb_ask()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--at) kind=text ;;
	--embed-cmd) kind=text ;;
	--encoder) kind=text ;;
	--filter) kind=text ;;
	-i | --index) kind=dir ;;
	-k | --hits) kind=text ;;
	-m | --model) kind=text ;;
	--provider) kind=text ;;
	--rerank) kind=text ;;
	-t | --template) kind=file ;;
	--threshold) kind=text ;;
	--timeout) kind=text ;;
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
		COMPREPLY=($(compgen -W "--at= --embed-cmd= --encoder= --filter= --index= --json --hits= --model= --plain --provider= --rerank= --stream --template= --threshold= --timeout= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version --no-at --no-embed-cmd --no-encoder --no-filter --no-index --no-json --no-hits --no-model --no-plain --no-provider --no-rerank --no-stream --no-template --no-threshold --no-timeout --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-format --no-color --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--at= --embed-cmd= --encoder= --filter= --index= --json --hits= --model= --plain --provider= --rerank= --stream --template= --threshold= --timeout= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _kb_ask kb-ask
