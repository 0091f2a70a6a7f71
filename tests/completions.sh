#!/bin/sh
# Write completions for bash, zsh and fish from what the programs say about
# their options (--dump-options: short, long, value, help, choices, tabs
# between). The files are checked in; tests/pipe/docs.t compares them.
#
# usage: tests/completions.sh BUILD_DIR OUT_DIR [PROGRAM...]
set -eu
build=$1 out=$2
shift 2
# shellcheck disable=SC2046 # names of programs hold no blanks
[ $# -gt 0 ] || set -- $(cd "$(dirname "$0")/../cmd" && ls -- *.c | sed 's/\.c$//')

# What may be completed for a value: its choices, files or directories.
common='
function quote(s) { gsub(/\047/, "\047\\\047\047", s); return "\047" s "\047" }
function kind(arg, choices) {
	if (choices != "") return "choice"
	if (arg ~ /FILE|PATH|NAME/) return "file"
	if (arg ~ /DIR|INDEX/) return "dir"
	return arg == "" ? "flag" : "text"
}
BEGIN { FS = "\t" }
{ words = $5; gsub(/\|/, " ", words); how = kind($3, $5) }
'

bash_file() {
	printf '# bash completion for %s; written by tests/completions.sh\n' "$1"
	awk -v name="$1" "$common"'
	{
		all = all " --" $2 (how == "flag" ? "" : "=")
		names = ($1 == "" ? "" : "-" $1 " | ") "--" $2
		if (how == "choice")
			cases = cases "\t" names ") _kb_words=" quote(words) " ;;\n"
		else if (how == "file" || how == "dir")
			cases = cases "\t" names ") _kb_path=" how " ;;\n"
		else if (how == "text")
			cases = cases "\t" names ") _kb_path=none ;;\n"
	}
	END {
		f = name
		gsub(/-/, "_", f)
		print "_" f "()\n{"
		print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} _kb_words= _kb_path="
		print "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}"
		print "\tif [ \"$cur\" = = ]; then"
		print "\t\tcur="
		print "\telif [ \"$prev\" = = ]; then"
		print "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}"
		print "\tfi"
		print "\tcase $prev in"
		printf "%s", cases
		print "\tesac"
		print "\tcase $_kb_path$_kb_words,$cur in"
		print "\tnone,*) COMPREPLY=() ;;"
		print "\tfile,*) COMPREPLY=($(compgen -f -- \"$cur\")) ;;"
		print "\tdir,*) COMPREPLY=($(compgen -d -- \"$cur\")) ;;"
		print "\t,-*)"
		print "\t\tCOMPREPLY=($(compgen -W \"" substr(all, 2) "\" -- \"$cur\"))"
		print "\t\t[[ ${COMPREPLY-} == *= ]] && compopt -o nospace"
		print "\t\t;;"
		print "\t,*) COMPREPLY=($(compgen -f -- \"$cur\")) ;;"
		print "\t*) COMPREPLY=($(compgen -W \"$_kb_words\" -- \"$cur\")) ;;"
		print "\tesac\n}"
		print "complete -o filenames -F _" f " " name
	}'
}

zsh_file() {
	printf '#compdef %s\n# written by tests/completions.sh\n_arguments -s \\\n' "$1"
	awk "$common"'
	{
		help = $4
		gsub(/[\[\]:\\]/, "\\\\&", help)
		tail = "[" help "]"
		long = "--" $2
		if (how != "flag") {
			long = long "="
			tail = tail ":" $3 ":"
			if (how == "choice") tail = tail "(" words ")"
			if (how == "file") tail = tail "_files"
			if (how == "dir") tail = tail "_files -/"
		}
		if ($1 == "")
			print "\t" quote("*" long tail) " \\"
		else
			print "\t\047*\047{-" $1 (how == "flag" ? "" : "+") "," long "}" quote(tail) " \\"
	}
	END { print "\t\047*:file:_files\047" }'
}

fish_file() {
	printf '# fish completion for %s; written by tests/completions.sh\n' "$1"
	awk -v name="$1" "$common"'
	{
		help = $4
		gsub(/\\/, "\\\\", help)
		gsub(/\047/, "\\\047", help)
		line = "complete -c " name
		if ($1 != "") line = line " -s " $1
		line = line " -l " $2
		if (how == "choice") line = line " -x -a \047" words "\047"
		if (how == "file") line = line " -r -F"
		if (how == "dir") line = line " -x -a \047(__fish_complete_directories)\047"
		if (how == "text") line = line " -x"
		print line " -d \047" help "\047"
	}'
}

mkdir -p "$out"
for program; do
	[ -x "$build/$program" ] || continue
	table=$("$build/$program" --dump-options)
	printf '%s\n' "$table" | bash_file "$program" >"$out/$program.bash"
	printf '%s\n' "$table" | zsh_file "$program" >"$out/_$program"
	printf '%s\n' "$table" | fish_file "$program" >"$out/$program.fish"
done
