#!/bin/sh
# Are all C sources formatted as .clang-format says, and all shell scripts
# clean under shellcheck? A tool that is not installed is said, not assumed.
set -u
cd "$(dirname "$0")/.." || exit 2
bad=0

if command -v clang-format >/dev/null 2>&1; then
	for file in $(git ls-files '*.c' '*.h' 2>/dev/null ||
		find cmd lib tests -name '*.[ch]'); do
		case $file in *table* | *_data*) continue ;; esac
		[ -f "$file" ] || continue
		clang-format "$file" | cmp -s - "$file" || {
			echo "$file: not formatted; run clang-format -i $file"
			bad=1
		}
	done
else
	echo "# clang-format is not installed: formatting not checked"
fi

if command -v shellcheck >/dev/null 2>&1; then
	find tests packaging -name '*.sh' -o -name '*.t' | sort |
		xargs shellcheck -s sh -S warning -e SC1091,SC2154 || bad=1
else
	echo "# shellcheck is not installed: scripts not checked"
fi
exit $bad
