# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Init code beside functions that can be patched: the rest is prepared, and the author has to decide.
cat >"$dir/both.diff" <<'EOF'
--- a/fs/notes.c
+++ b/fs/notes.c
@@ -17,3 +17,3 @@
 {
-	return slot <= notes_used;
+	return slot < notes_used;
 }
@@ -66,3 +66,3 @@
 {
-	log_line("notes: ready");
+	log_line("notes: ready to write");
 	return 0;
EOF
prep --patch "$dir/both.diff" --ipa-dumps "$mini/build"
exits 0
says "warning: KLP-INIT" notes_init "prepared without it"
report '.result == "module" and ([.patch[].symbol] == ["note_erase", "note_read"])'
report 'any(.findings[]; .code == "KLP-INIT" and .severity == "warning" and .symbol == "notes_init" and .file == "fs/notes.c")'
! grep -q notes_init "$out/fs_notes.c" || fail "the init function is in the generated text"

# The same, asked for by name.
prep --function notes_init,note_read --ipa-dumps "$mini/build" --stop-after check
exits 0
report '[.patch[].symbol] == ["note_read"] and any(.findings[]; .code == "KLP-INIT" and .severity == "warning")'
