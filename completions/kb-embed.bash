# bash completion for kb-embed; written by tests/completions.sh
_kb_embed()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--centre) kind=file ;;
	--heads) kind=text ;;
	--import) kind=file ;;
	--language) kind=text ;;
	--licence) kind=text ;;
	--max-tokens) kind=text ;;
	-m | --model) kind=text ;;
	--passage-prefix) kind=text ;;
	--pooling) kind=choice words='cls mean' ;;
	--query-prefix) kind=text ;;
	--source) kind=text ;;
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
		COMPREPLY=($(compgen -W "--centre= --heads= --import= --info --language= --licence= --list --max-tokens= --model= --passage-prefix= --pooling= --query-prefix= --rerank --source= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --config= --help --version --no-centre --no-heads --no-import --no-info --no-language --no-licence --no-list --no-max-tokens --no-model --no-passage-prefix --no-pooling --no-query-prefix --no-rerank --no-source --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--centre= --heads= --import= --info --language= --licence= --list --max-tokens= --model= --passage-prefix= --pooling= --query-prefix= --rerank --source= --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _kb_embed kb-embed
