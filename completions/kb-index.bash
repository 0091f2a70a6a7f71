# bash completion for kb-index; written by tests/completions.sh
_kb_index()
{
	local cur=${COMP_WORDS[COMP_CWORD]} _kb_words= _kb_path=
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	--chunk-max) _kb_path=none ;;
	--chunk-target) _kb_path=none ;;
	--embed) _kb_path=none ;;
	--embed-cmd) _kb_path=none ;;
	--exclude) _kb_path=none ;;
	--grace) _kb_path=none ;;
	--include) _kb_path=none ;;
	--keyword) _kb_path=file ;;
	--lock-wait) _kb_path=none ;;
	--memory) _kb_path=none ;;
	--numeric) _kb_path=file ;;
	--shard) _kb_path=none ;;
	--stats) _kb_path=file ;;
	--title-weight) _kb_path=none ;;
	--words) _kb_path=file ;;
	esac
	case $_kb_path$_kb_words,$cur in
	none,*) COMPREPLY=() ;;
	file,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	dir,*) COMPREPLY=($(compgen -d -- "$cur")) ;;
	,-*)
		COMPREPLY=($(compgen -W "--allow-delete --chunk-max= --chunk-target= --dump --embed= --embed-cmd= --exclude= --grace= --include= --info --keyword= --lines --lock-wait= --memory= --no-graph --no-word-vectors --numeric= --optimize --progress --rebuild --shard= --single-thread --stats= --sync --title-weight= --verbose --verify --words= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$_kb_words" -- "$cur")) ;;
	esac
}
complete -o filenames -F _kb_index kb-index
