# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the parts of the benchmark share; sourced by them. A part prints rows, and says on
# stderr what it is doing; tests/bench/run makes the table and the JSON of them.
#
# A row is separated by tabs: part, of (a unit, a sample, a size), what, wall ms, CPU ms, MB,
# the floor's name, the floor's ms, the bound of the ratio. What isn't known is '-'.

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
part=$(basename "$0")
out=${O:-out}
prep=${KLP_PREP:-$out/klp-prep}
bin=$(cd "$(dirname "$prep")" && pwd)
prep=$bin/klp-prep
helpers=$(cd "$out/tests/bin/bench" 2>/dev/null && pwd) || helpers=
die() { echo "bench: $*" >&2; exit 2; }
[ -x "$prep" ] && [ -x "$helpers/measure" ] && [ -x "$helpers/floor" ] || die "klp-prep or a program of the benchmark is missing: make bench makes them"
kernel=$(tests/kernel/build-kernel --where)
build=$kernel/build
source=$kernel/source
[ -e "$kernel/done" ] || die "no test kernel; tests/kernel/build-kernel makes it"
tab=$'\t'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A line for measure: NAME WORD...
line() { local IFS=$tab; echo "$*"; }

# measure ROUNDS <LINES: the result stays in $measured
measure() { measured=$("$helpers/measure" "$1") || exit 2; }
# of NAME FIELD: 2 wall ms, 3 CPU ms, 4 MB
of() { awk -F'\t' -v name="$1" -v field="$2" '$1 == name { print $field }' <<<"$measured"; }

# row OF WHAT MS CPU MB FLOOR FLOOR-MS [BOUND]
row() { local IFS=$tab; echo "$part$tab$1$tab$2$tab$3$tab${4:--}$tab${5:--}$tab${6:--}$tab${7:--}$tab${8:--}"; }
# measured_row OF WHAT NAME FLOOR-TEXT FLOOR [BOUND]: of what measure just did, by wall time
measured_row() {
	row "$1" "$2" "$(of "$3" 2)" "$(of "$3" 3)" "$(of "$3" 4)" "$4" "$(of "$5" 2)" "${6:--}"
}

# The command that made an object, as a script that takes further arguments; from a build that
# we made ourselves. compiler BUILD OBJECT SCRIPT
compiler() {
	local cmd=$1/$(dirname "$2")/.$(basename "$2").cmd
	{
		echo "cd '$1' || exit 2"
		printf 'exec %s "$@"\n' "$(sed -n '1s/^[^=]*:= //p' "$cmd" | sed 's/ ;.*//; s/ -Wp,-MM\?D,[^ ]*//; s/ -fdump-ipa-clones//; s/ -c -o [^ ]*//')"
	} >"$3"
}

# klp-prep as a script that keeps each run's report, so that what the stages took is known:
# prep_script SCRIPT REPORTS ARG...; a refusal is an answer, too
prep_script() {
	local script=$1 reports=$2
	shift 2
	mkdir -p "$reports"
	{
		printf '%q ' "$prep" "$@" --quiet --output "$work/livepatch.$$"
		printf -- '--json %q/$$.json 2>%q/said || [ $? = 1 ]\n' "$reports" "$reports"
	} >"$script"
}
# The least wall time of a stage, and of all but the Kbuild step, over the runs.
stage_ms() { jq -s --arg s "$2" '[.[].timing_ms[$s] // empty] | min // "-"' "$1"/*.json | tr -d '"'; }
total_ms() { jq -s '[.[].timing_ms | del(.build) | add] | min * 10 | round / 10' "$1"/*.json; }
