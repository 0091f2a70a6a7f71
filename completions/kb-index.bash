# bash completion for kb-index; written by tests/completions.sh
_kb_index()
{
	local cur=${COMP_WORDS[COMP_CWORD]} kind= words=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--chunk-max) kind=text ;;
	--chunk-target) kind=text ;;
	--commit-every) kind=text ;;
	--convert) kind=text ;;
	--embed) kind=text ;;
	--embed-cmd) kind=text ;;
	--embed-jobs) kind=text ;;
	--embed-passage-prefix) kind=text ;;
	--embed-passage-type) kind=text ;;
	--embed-query-prefix) kind=text ;;
	--embed-query-type) kind=text ;;
	--every) kind=text ;;
	--exclude) kind=text ;;
	--forget) kind=text ;;
	--grace) kind=text ;;
	--include) kind=text ;;
	--keyword) kind=text ;;
	--lock-wait) kind=text ;;
	--memory) kind=text ;;
	--numeric) kind=text ;;
	--show) kind=text ;;
	--seed) kind=text ;;
	--shard) kind=text ;;
	--title-weight) kind=text ;;
	--words) kind=file ;;
	--stats) kind=file ;;
	--format) kind=choice words='json text tsv' ;;
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
		COMPREPLY=($(compgen -W "--allow-delete --chunk-max= --chunk-target= --commit-every= --convert= --dump --embed= --embed-cmd= --embed-jobs= --embed-passage-prefix= --embed-passage-type= --embed-query-prefix= --embed-query-type= --every= --exclude= --forget= --gitignore --grace= --include= --info --keyword= --lines --list --lock-wait= --memory= --no-graph --graph --no-word-vectors --word-vectors --numeric= --optimize --rebuild --refresh --restore --show= --seed= --shard= --single-thread --sync --title-weight= --verify --watch --words= --stats= --progress --verbose --format= --config= --help --version --no-allow-delete --no-chunk-max --no-chunk-target --no-commit-every --no-convert --no-dump --no-embed --no-embed-cmd --no-embed-jobs --no-embed-passage-prefix --no-embed-passage-type --no-embed-query-prefix --no-embed-query-type --no-every --no-exclude --no-forget --no-gitignore --no-grace --no-include --no-info --no-keyword --no-lines --no-list --no-lock-wait --no-memory --no-numeric --no-optimize --no-rebuild --no-refresh --no-restore --no-show --no-seed --no-shard --no-single-thread --no-sync --no-title-weight --no-verify --no-watch --no-words --no-stats --no-progress --no-verbose --no-format --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--allow-delete --chunk-max= --chunk-target= --commit-every= --convert= --dump --embed= --embed-cmd= --embed-jobs= --embed-passage-prefix= --embed-passage-type= --embed-query-prefix= --embed-query-type= --every= --exclude= --forget= --gitignore --grace= --include= --info --keyword= --lines --list --lock-wait= --memory= --no-graph --graph --no-word-vectors --word-vectors --numeric= --optimize --rebuild --refresh --restore --show= --seed= --shard= --single-thread --sync --title-weight= --verify --watch --words= --stats= --progress --verbose --format= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _kb_index kb-index
