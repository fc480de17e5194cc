# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Files of somebody else are not swept away by an output directory.
mkdir "$dir/mine"
echo precious >"$dir/mine/letter.txt"
"$klp_prep" --patch "$fix" --ipa-dumps "$mini/build" --output "$dir/mine" >"$said" 2>&1 || :
[ "$(cat "$dir/mine/letter.txt")" = precious ] || fail "letter.txt is gone"
