# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# The same input gives the same bytes, wherever it is written to.
prep --patch "$fix" --ipa-dumps "$mini/build" --name fix
exits 0
mv "$out" "$dir/first"
jq 'del(.timing_ms)' "$dir/first/report.json" >"$dir/first.json"
prep --patch "$fix" --ipa-dumps "$mini/build" --name fix --jobs 1
exits 0
jq 'del(.timing_ms)' "$out/report.json" >"$dir/second.json"
cmp "$dir/first.json" "$dir/second.json" || fail "report.json differs"
rm "$out/report.json" "$dir/first/report.json"
diff -r "$dir/first" "$out" || fail "the module directories differ"
grep -rl "$mini" "$out" && fail "a file holds the path of the build" || :
