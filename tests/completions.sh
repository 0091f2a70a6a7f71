#!/bin/sh
# Write completions for bash, zsh and fish from what the programs say about
# their options and sub-commands (--dump-options: letter, name, value, kind,
# choices, help, opposite, tabs between). The files are checked in;
# tests/pipe/docs.t compares them. Bash offers the opposites that begin with
# "no-" once that is typed.
#
# usage: tests/completions.sh BUILD_DIR OUT_DIR [PROGRAM...]
set -eu
build=$1 out=$2
shift 2
# shellcheck disable=SC2046 # names of programs hold no blanks
[ $# -gt 0 ] || set -- $(cd "$(dirname "$0")/../cmd" && ls -- *.c | sed 's/\.c$//')

common='
function quote(s) { gsub(/\047/, "\047\\\047\047", s); return "\047" s "\047" }
BEGIN { FS = "\t" }
{ letter = $1; long = $2; arg = $3; how = $4; words = $5; help = $6; off = $7
  gsub(/\|/, " ", words) }
'

# bash_options FUNCTION: what completes the options of one table
bash_options() {
	awk -v f="$1" "$common"'
	{
		all = all " --" long (how == "flag" ? "" : "=")
		if (off ~ /^no-/)
			off_all = off_all " --" off
		else if (off != "")
			all = all " --" off
		names = (letter == "" ? "" : "-" letter " | ") "--" long
		if (how == "choice" || how == "list")
			cases = cases "\t" names ") kind=" how " words=" quote(words) " ;;\n"
		else if (how != "flag")
			cases = cases "\t" names ") kind=" how " ;;\n"
	}
	END {
		print f "()\n{"
		print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} kind= words="
		print "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}"
		print "\tif [ \"$cur\" = = ]; then"
		print "\t\tcur="
		print "\telif [ \"$prev\" = = ]; then"
		print "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}"
		print "\tfi"
		print "\tcase $prev in"
		printf "%s", cases
		print "\tesac"
		print "\tcase $kind,$cur in"
		print "\ttext,*) COMPREPLY=() ;;"
		print "\tchoice,*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;"
		print "\tlist,*)"
		print "\t\tlocal head=${cur%\"${cur##*,}\"}"
		print "\t\tCOMPREPLY=($(compgen -P \"$head\" -W \"$words\" -- \"${cur##*,}\"))"
		print "\t\tcompopt -o nospace"
		print "\t\t;;"
		print "\tdir,*) COMPREPLY=($(compgen -d -- \"$cur\")) ;;"
		print "\t,--no*)"
		print "\t\tCOMPREPLY=($(compgen -W \"" substr(all off_all, 2) "\" -- \"$cur\"))"
		print "\t\t[[ ${COMPREPLY-} == *= ]] && compopt -o nospace"
		print "\t\t;;"
		print "\t,-*)"
		print "\t\tCOMPREPLY=($(compgen -W \"" substr(all, 2) "\" -- \"$cur\"))"
		print "\t\t[[ ${COMPREPLY-} == *= ]] && compopt -o nospace"
		print "\t\t;;"
		print "\t*) COMPREPLY=($(compgen -f -- \"$cur\")) ;;"
		print "\tesac\n}"
	}'
}

bash_file() {
	f=_$(echo "$1" | tr - _)
	printf '# bash completion for %s; written by tests/completions.sh\n' "$1"
	if [ -z "$commands" ]; then
		"$build/$1" --dump-options | bash_options "$f"
	else
		for command in $commands; do
			"$build/$1" "$command" --dump-options |
				bash_options "${f}_$command"
		done
		printf '%s()\n{\n' "$f"
		printf '\tcase $COMP_CWORD,${COMP_WORDS[1]} in\n'
		printf '\t1,*) COMPREPLY=($(compgen -W "%s" -- "${COMP_WORDS[1]}")) ;;\n' \
			"$(echo $commands --help --version)"
		for command in $commands; do
			printf '\t*,%s) %s_%s ;;\n' "$command" "$f" "$command"
		done
		printf '\tesac\n}\n'
	fi
	printf 'complete -o filenames -F %s %s\n' "$f" "$1"
}

# zsh_options INDENT: _arguments for one table
zsh_options() {
	printf '%s_arguments -s \\\n' "$1"
	awk -v indent="$1" "$common"'
	{
		gsub(/[\[\]:\\]/, "\\\\&", help)
		tail = "[" help "]"
		long = "--" long
		if (how != "flag") {
			long = long "="
			tail = tail ":" arg ":"
			if (how == "choice") tail = tail "(" words ")"
			if (how == "list") tail = tail "_values -s , " arg " " words
			if (how == "file") tail = tail "_files"
			if (how == "dir") tail = tail "_files -/"
		}
		if (letter == "")
			print indent "\t" quote("*" long tail) " \\"
		else
			print indent "\t\047*\047{-" letter (how == "flag" ? "" : "+") "," long "}" quote(tail) " \\"
		if (off != "")
			print indent "\t" quote("*--" off "[undo --" $2 "]") " \\"
	}
	END { print indent "\t\047*:file:_files\047" }'
}

zsh_file() {
	printf '#compdef %s\n# written by tests/completions.sh\n' "$1"
	if [ -z "$commands" ]; then
		"$build/$1" --dump-options | zsh_options ""
		return
	fi
	printf 'if ((CURRENT == 2)); then\n\tlocal -a commands=(\n'
	"$build/$1" --dump-options | awk "$common"'
		how == "command" { gsub(/:/, "\\:", help)
			print "\t\t" quote(long ":" help) }'
	printf '\t)\n\t_describe command commands\n\treturn\nfi\n'
	printf 'shift words\n((CURRENT--))\ncase $words[1] in\n'
	for command in $commands; do
		printf '%s)\n' "$command"
		"$build/$1" "$command" --dump-options | zsh_options "	"
		printf '\t;;\n'
	done
	printf 'esac\n'
}

# fish_options PROGRAM CONDITION: one table
fish_options() {
	awk -v name="$1" -v when="$2" "$common"'
	{
		gsub(/\\/, "\\\\", help)
		gsub(/\047/, "\\\047", help)
		line = "complete -c " name
		if (when != "") line = line " -n " quote(when)
		if (how == "command") line = line " -f -a " long
		else if (letter != "") line = line " -s " letter
		if (how != "command") line = line " -l " long
		if (how == "choice") line = line " -x -a \047" words "\047"
		if (how == "list") {
			gsub(/ /, "\\\\\\\\n", words)
			line = line " -x -a \047(__fish_complete_list , \"printf " words "\")\047"
		}
		if (how == "file") line = line " -r -F"
		if (how == "dir") line = line " -x -a \047(__fish_complete_directories)\047"
		if (how == "text") line = line " -x"
		print line " -d \047" help "\047"
		if (off != "")
			print "complete -c " name (when == "" ? "" : " -n " quote(when)) " -l " off " -d \047undo --" long "\047"
	}'
}

fish_file() {
	printf '# fish completion for %s; written by tests/completions.sh\n' "$1"
	"$build/$1" --dump-options | fish_options "$1" \
		"$([ -z "$commands" ] || echo __fish_use_subcommand)"
	for command in $commands; do
		"$build/$1" "$command" --dump-options |
			fish_options "$1" "__fish_seen_subcommand_from $command"
	done
}

mkdir -p "$out"
for program; do
	[ -x "$build/$program" ] || continue
	commands=$("$build/$program" --dump-options |
		awk -F '\t' '$4 == "command" { print $2 }')
	bash_file "$program" >"$out/$program.bash"
	zsh_file "$program" >"$out/_$program"
	fish_file "$program" >"$out/$program.fish"
done
