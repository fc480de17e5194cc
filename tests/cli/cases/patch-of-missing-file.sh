# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
sed 's|fs/notes.c|fs/nonesuch.c|' "$fix" >"$dir/fix.diff"
prep --patch "$dir/fix.diff" --ipa-dumps "$mini/build"
trouble "fix.diff" "fs/nonesuch.c"
