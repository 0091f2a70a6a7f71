# bash completion for fact-check; written by tests/completions.sh
_fact_check()
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
	--band) kind=text ;;
	--calibrate) kind=file ;;
	--delta) kind=text ;;
	--evidence) kind=text ;;
	--fetch) kind=text ;;
	--human) kind=file ;;
	--judge) kind=text ;;
	--judge-timeout) kind=text ;;
	-m | --model-file) kind=file ;;
	--only) kind=choice words='answer human' ;;
	--risk) kind=text ;;
	--threshold) kind=text ;;
	--train) kind=file ;;
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
	--format) kind=choice words='json text tsv claims' ;;
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
		COMPREPLY=($(compgen -W "--answers= --band= --calibrate= --claims --delta= --evidence= --explain --fetch= --human= --judge= --judge-timeout= --model-file= --only= --risk= --threshold= --train= --tsv --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version --no-answers --no-band --no-calibrate --no-claims --no-delta --no-evidence --no-explain --no-fetch --no-human --no-judge --no-judge-timeout --no-model-file --no-only --no-risk --no-threshold --no-train --no-tsv --no-file --no-output --no-jobs --no-unordered --no-input --no-columns --no-max-line --no-on-error --no-dead-letter --no-retry --no-resume --no-timing --no-exit-status --no-stats --no-progress --no-verbose --no-format --no-color --no-config" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	,-*)
		COMPREPLY=($(compgen -W "--answers= --band= --calibrate= --claims --delta= --evidence= --explain --fetch= --human= --judge= --judge-timeout= --model-file= --only= --risk= --threshold= --train= --tsv --file= --output= --jobs= --unordered --input= --columns= --max-line= --on-error= --dead-letter= --retry --resume= --timing --exit-status --stats= --progress --verbose --format= --color= --config= --help --version" -- "$cur"))
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _fact_check fact-check
