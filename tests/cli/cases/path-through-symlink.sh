# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A link in the source must not lead a patched copy out of it.
mkdir "$mini/elsewhere"
cp "$mini/source/fs/notes.c" "$mini/elsewhere/"
ln -s ../elsewhere "$mini/source/linked"
sed 's|fs/notes.c|linked/notes.c|' "$fix" >"$dir/fix.diff"
prep --patch "$dir/fix.diff" --ipa-dumps "$mini/build"
[ "$status" != 0 ] || report '.patch == []'
