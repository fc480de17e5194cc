# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# In the source, but no object was made from it: no code of this kernel changes.
cp "$mini/source/fs/notes.c" "$mini/source/fs/unused.c"
sed 's|fs/notes.c|fs/unused.c|' "$fix" >"$dir/fix.diff"
prep --patch "$dir/fix.diff" --ipa-dumps "$mini/build"
exits 0
reports_alone
report '.changed == [] and .patch == []'
report 'any(.findings[]; .severity == "note" and .file == "fs/unused.c")'
says "fs/unused.c"
