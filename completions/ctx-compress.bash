# bash completion for ctx-compress; written by tests/completions.sh
_ctx_compress()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	-b | --budget) kind=text ;;
	-r | --ratio) kind=text ;;
	-k | --keep-last) kind=text ;;
	-m | --model) kind=text ;;
	--tokenizer) kind=file ;;
	--count) kind=text ;;
	--each) kind=choice words='file line record' ;;
	--over) kind=choice words='error flag' ;;
	--by) kind=text ;;
	--time) kind=text ;;
	--gazetteer) kind=file ;;
	--intents) kind=file ;;
	-i | --index) kind=dir ;;
	--mask-map) kind=file ;;
	--summary-cmd) kind=text ;;
	--summary-timeout) kind=text ;;
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
		COMPREPLY=($(compgen -W "--budget= --ratio= --keep-last= --model= --tokenizer= --count= --each= --over= --by= --time= --append-only --explain --gazetteer= --intents= --index= --mask --mask-map= --unmask --summary-cmd= --summary-timeout= --no-summary --summary --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version --no-budget --no-ratio --no-keep-last --no-model --no-tokenizer --no-count --no-each --no-over --no-by --no-time --no-append-only --no-explain --no-gazetteer --no-intents --no-index --no-mask --no-mask-map --no-unmask --no-summary-cmd --no-summary-timeout --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-format --no-color --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--budget= --ratio= --keep-last= --model= --tokenizer= --count= --each= --over= --by= --time= --append-only --explain --gazetteer= --intents= --index= --mask --mask-map= --unmask --summary-cmd= --summary-timeout= --no-summary --summary --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _ctx_compress ctx-compress
