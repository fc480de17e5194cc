# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A fix that doesn't compile: the compiler's word, and no module.
sed 's/slot < notes_used/slot < notes_unheard_of/' "$fix" >"$dir/fix.diff"
prep --patch "$dir/fix.diff" --ipa-dumps "$mini/build"
exits 1
[ ! -e "$out" ] || reports_alone
says "notes_unheard_of"
says "fs/notes.c"
