#!/bin/sh
. "$(dirname "$0")/../lib.sh"
. "$ROOT/tests/pipe/helper/linear.sh"
grows kb-ask
