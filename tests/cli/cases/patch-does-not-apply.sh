# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
sed -i 's/slot <= notes_used/slot < notes_used + 1/' "$mini/source/fs/notes.c"
touch -r "$mini/build/fs/notes.o" "$mini/source/fs/notes.c"
prep --patch "$fix" --ipa-dumps "$mini/build"
trouble "fix.diff" "does not apply" "fs/notes.c"
