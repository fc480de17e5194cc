# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
echo "outside" >"$mini/outside.c"
for path in ../outside.c fs/../../outside.c; do
	cat >"$dir/evil.diff" <<EOF
--- a/$path
+++ b/$path
@@ -1 +1 @@
-outside
+changed
EOF
	prep --patch "$dir/evil.diff" --ipa-dumps "$mini/build"
	trouble "evil.diff" "$path"
done
