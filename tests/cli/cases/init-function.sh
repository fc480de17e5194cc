# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
cat >"$dir/init.diff" <<'EOF'
--- a/fs/notes.c
+++ b/fs/notes.c
@@ -66,3 +66,3 @@
 {
-	log_line("notes: ready");
+	log_line("notes: ready to write");
 	return 0;
EOF
prep --patch "$dir/init.diff" --ipa-dumps "$mini/build"
refused KLP-INIT notes_init
