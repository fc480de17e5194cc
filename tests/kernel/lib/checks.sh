# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What tests/kernel/run checks before it boots a guest: klp-prep's answer, the report, the
# generated C, the module file.

# What would have to be patched if these functions changed, without a fix.
ask_callers() {
	local name=$1 out=$work/$1/livepatch callers functions
	callers=$(dirname "$prep")/klp-callers
	mapfile -t functions <"${dir_of[$1]}/ask"
	mkdir -p "$out"
	"$callers" --ipa-dumps "$kernel/build" --json "${functions[@]}" \
		>"$out/report.json" 2>"$work/$name/klp-prep.log"
	check_expect "$name" $?
}

# What the batch has made.
check_livepatch() {
	local name=$1 dir=${dir_of[$1]} job status
	job=$work/batch/$(klp_name "$name")
	[ ! -d "$job" ] || mv "$job" "$work/$name/livepatch"
	cp "$job.log" "$work/$name/klp-prep.log" 2>/dev/null || : >"$work/$name/klp-prep.log"
	status=$(batch_status "$name")
	check_expect "$name" "$status"
	[ "$status" != 0 ] || [ ! -e "$dir/edit" ] || edit_and_make "$name"
	if [ "$status" = 0 ] && [ -e "$dir/guest" ]; then
		check_module "$name"
		check_source "$name"
	fi
	make_others "$name"
}

# The test's other livepatches: WORK/NAME/next*/, of its directories of that name. "FIRST" in an option is
# the output directory of the first one.
make_others() {
	local name=$1 dir other options out status
	for dir in "${dir_of[$name]}"/next*/; do
		[ -d "$dir" ] || continue
		other=$(basename "$dir") options=()
		out=$work/$name/$other
		[ ! -e "$dir/options" ] || mapfile -t options <"$dir/options"
		[ ! -e "$dir/fix.diff" ] || options+=(--patch "$dir/fix.diff")
		(cd "$dir" && "$prep" --ipa-dumps "$(build_of "$name")" --name "$(klp_name "$name-$other")" \
			"${options[@]//FIRST/$work/$name/livepatch}" --output "$out") >"$out.log" 2>&1
		status=$?
		check_expect "$name" "$status" "$dir/expect" "$out" "$out.log"
	done
}

# What an author does with functions that were asked for: changes the C, and makes the module again.
edit_and_make() {
	local out=$work/$1/livepatch
	patch -s -F0 -d "$out" <"${dir_of[$1]}/edit" >"$work/$1/edit.log" 2>&1 ||
		fail_test "$1" "the edit doesn't apply: $(cat "$work/$1/edit.log")"
	rm -f "$out"/*.ko
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$out" KDIR="$kernel/build" \
		KLP_CONVERT="$(dirname "$prep")/klp-convert" >"$work/$1/make.log" 2>&1 ||
		fail_test "$1" "make in the output directory fails: $work/$1/make.log"
}

# "02-unexported" -> "klp_02_unexported"
klp_name() { echo "klp_${1//[^a-z0-9]/_}"; }

# The properties that DIR/expect lists; README.md explains them.
check_expect() { # NAME STATUS [EXPECT OUTPUT LOG]
	local name=$1 status=$2 expect=${3:-${dir_of[$1]}/expect} out=${4:-$work/$1/livepatch}
	local log=${5:-$work/$1/klp-prep.log} report wanted got kind
	report=$out/report.json
	wanted=$(sed -n 's/^status //p' "$expect")
	if [ "$status" != "$wanted" ]; then
		fail_test "$name" "the exit status is $status, wanted $wanted: $(grep -m 3 -E 'error' "$log" | tr '\n' ' ')"
		fail_test "$name" "what was said: $log"
	fi
	if [ ! -e "$report" ]; then
		fail_test "$name" "there is no report.json"
		return
	fi
	for kind in changed patch; do
		wanted=$(grep "^$kind " "$expect" | LC_ALL=C sort)
		[ -n "$wanted" ] || continue
		got=$(facts "$report" | grep "^$kind " | LC_ALL=C sort)
		[ "$got" = "$wanted" ] ||
			fail_test "$name" "the report has $(flat "$got"), wanted $(flat "$wanted")"
	done
	got=$(facts "$report")
	while read -r wanted; do
		grep -qxF -- "$wanted" <<<"$got" ||
			fail_test "$name" "the report lacks '$wanted'; it has: $(flat "$(grep "^${wanted%% *} " <<<"$got")")"
	done < <(grep -E '^(reason|extern|copied|finding|upgrade) ' "$expect")
	while read -r _ wanted; do
		! grep -qE -- "^$wanted" <<<"$got" || fail_test "$name" "the report has '$wanted'"
	done < <(grep '^not ' "$expect")
	[ "$status" = 0 ] || [ -z "$(find "$out" -name '*.ko')" ] ||
		fail_test "$name" "a module was left behind by a refused fix"
}

flat() { if [ -n "$1" ]; then paste -sd, <<<"$1" | sed 's/,/, /g'; else echo none; fi; }

# report.json as lines, in the form that expect uses.
facts() {
	jq -r '
		(.changed[] | "changed \(.function)"),
		(.patch[] | "patch \(.object) \(.symbol) \(.sympos)",
			(.symbol as $s | .reasons[] | "reason \($s) \(.kind) \(.of)")),
		(.copied[] | "copied \(.symbol) \(.reason)"),
		((.upgrade // {functions: []}).functions[] | "upgrade \(.object) \(.symbol) \(.what)"),
		(.externs[]? | "extern \(.object) \(.symbol) \(.how)"),
		(.findings[] | "finding \(.severity) \(.code) \(.symbol // "-")")' "$1" | LC_ALL=C sort -u
}

# The module, by programs that are not ours.
check_module() {
	local name=$1 dir=$work/$1/livepatch ko sections depends
	ko=$(ls "$dir"/*.ko)
	[ "$(modinfo -F livepatch "$ko")" = Y ] || fail_test "$name" "modinfo doesn't say livepatch: Y"
	depends=$(modinfo -F depends "$ko")
	[ -z "$depends" ] || fail_test "$name" "modinfo says depends: $depends"
	sections=$(readelf -SW "$ko" | grep -o '\.klp\.rela\.[^ ]*' | paste -sd' ')
	if jq -e '[.externs[] | select(.how == "klp-reloc")] | length > 0' "$dir/report.json" >/dev/null; then
		[ -n "$sections" ] || fail_test "$name" "there are references to resolve, but no .klp.rela section"
	fi
	grep '^section ' "${dir_of[$name]}/expect" | while read -r _ wanted; do
		[[ " $sections " == *" $wanted"* ]] || echo "no section $wanted, only: ${sections:-none}"
	done >"$work/$name/sections.bad"
	[ ! -s "$work/$name/sections.bad" ] || fail_test "$name" "$(cat "$work/$name/sections.bad")"
}

# The generated C is built by plain Kbuild without a warning, and is short.
check_source() {
	local name=$1 dir=$work/$1/livepatch copy=$work/$1/kbuild have may warnings
	mkdir -p "$copy"
	cp "$dir"/*.[ch] "$dir/Kbuild" "$copy/"
	if ! env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$(build_of "$name")" M="$copy" KBUILD_MODPOST_WARN=1 modules >"$work/$name/kbuild.log" 2>&1; then
		fail_test "$name" "plain Kbuild doesn't build it: $work/$name/kbuild.log"
	fi
	warnings=$(grep -m 1 'warning:' "$work/$name/kbuild.log")
	# A warning that the report announces, and that the test expects there, is no surprise.
	[ -z "$warnings" ] || grep -qxF 'finding warning KLP-BUILD-WARNING -' "${dir_of[$name]}/expect" ||
		fail_test "$name" "the compiler warns: $warnings"
	grep -qx short "${dir_of[$name]}/expect" || return 0
	have=$(find "$dir" -maxdepth 1 -name '*.c' ! -name livepatch.c ! -name externs.c -exec cat {} + | wc -l)
	may=$(allowed_lines "$name")
	[ "$have" -le "$may" ] || fail_test "$name" "the generated C has $have lines, may have $may"
	echo "$have of $may lines" >"$work/$name/lines"
}

# Twice the lines of the patched functions (after the fix), the includes of their files, and 25.
allowed_lines() {
	local dir=$work/$1/livepatch tree=$work/$1/patched file lines=0 includes=0
	while read -r file; do
		mkdir -p "$tree/$(dirname "$file")"
		cp "$kernel/source/$file" "$tree/$file"
	done < <({ jq -r '.patch[].file' "$dir/report.json"; diff_files "${dir_of[$1]}/fix.diff"; } | sort -u)
	patch -s -p1 -F0 -d "$tree" <"${dir_of[$1]}/fix.diff" >&2
	while read -r file; do
		includes=$((includes + $(grep -c '^#[[:space:]]*include' "$tree/$file")))
	done < <(jq -r '.patch[].file' "$dir/report.json" | sort -u)
	while read -r file symbol; do
		lines=$((lines + $(function_lines "$tree/$file" "${symbol%%.*}")))
	done < <(jq -r '.patch[] | "\(.file) \(.symbol)"' "$dir/report.json")
	echo $((2 * lines + includes + 25))
}

diff_files() { sed -n 's/^+++ b\/\([^[:space:]]*\).*/\1/p' "$1"; }

# Lines of a function's definition in a file that is written in the kernel's style: from the
# line that starts with its type, to the brace in the first column.
function_lines() {
	awk -v name="$2" '
		# The line before may hold the return type, when the name begins a line.
		{ prev = line; line = $0 }
		!on && $0 ~ "^([A-Za-z_].*[ *])?" name "\\(" && $0 !~ /;[ \t]*$/ {
			on = 1
			n = 1 + ($0 ~ "^" name && prev ~ /^[A-Za-z_]/)
			next
		}
		on { n++ }
		on && /;[ \t]*$/ && !body { on = 0 }
		on && /^\{/ || on && /\{[ \t]*$/ { body = 1 }
		on && body && /^\}/ { print n; found = 1; exit }
		END { if (!found) print 0 }' "$1"
}
