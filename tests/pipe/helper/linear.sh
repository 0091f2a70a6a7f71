# CPU time and memory grow with the input and no faster, for every program
# and every shape of input: ordinary ones, and those that someone makes up.
# For the linear-*.t: grows PROGRAM...
# shellcheck shell=sh

grows() {
	need kb-index "$@"
	case $KB_BIN in
	*san | *cov | *fuzz) skip_all "only the release build is measured" ;;
	esac
	kb-index kb.kb "$ROOT/tests/data/shop" >log 2>&1 ||
		fail "the sample is indexed" log
	# its TAP is the script's
	python3 "$ROOT/tests/pipe/helper/linear.py" "$T/kb.kb" "$@"
}
