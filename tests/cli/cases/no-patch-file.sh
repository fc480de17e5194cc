# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
prep --patch "$mini/missing.diff" --ipa-dumps "$mini/build"
exits 2
says "klp-prep: " "$mini/missing.diff" "No such file or directory"
[ "$(grep -c '^klp-prep: ' "$said")" = 1 ] || fail "wanted one message"
[ ! -e "$out" ] || fail "there is an output directory: $(ls "$out")"
