# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
cat >"$dir/comment.diff" <<'EOF'
--- a/fs/notes.c
+++ b/fs/notes.c
@@ -14,3 +14,6 @@
 
-/* A slot number from outside is good when a note was written there. */
+/*
+ * A slot number from outside is good when a note was written there. Three more lines, so that
+ * all functions below move.
+ */
 static bool slot_is_used(unsigned int slot)
EOF
prep --patch "$dir/comment.diff" --ipa-dumps "$mini/build"
nothing_to_do KLP-NO-CHANGE
report '.changed == []'
