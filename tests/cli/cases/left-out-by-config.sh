# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# The changed lines are there in the source, not in this build.
edit='/^ssize_t note_read/i\
#ifdef CONFIG_NOTES_DEBUG\
static unsigned int notes_debug(void)\
{\
	return 1;\
}\
#endif\
'
sed -i "$edit" "$mini/source/fs/notes.c"
touch -r "$mini/build/fs/notes.o" "$mini/source/fs/notes.c"
line=$(grep -n 'return 1;' "$mini/source/fs/notes.c" | cut -d: -f1)
printf -- '--- a/fs/notes.c\n+++ b/fs/notes.c\n@@ -%d,3 +%d,3 @@\n {\n-\treturn 1;\n+\treturn 2;\n }\n' \
	$((line - 1)) $((line - 1)) >"$dir/debug.diff"
prep --patch "$dir/debug.diff" --ipa-dumps "$mini/build"
nothing_to_do KLP-NO-CHANGE
