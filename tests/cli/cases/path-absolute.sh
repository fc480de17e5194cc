# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
echo "outside" >"$mini/outside.c"
cat >"$dir/evil.diff" <<EOF
--- $mini/outside.c
+++ $mini/outside.c
@@ -1 +1 @@
-outside
+changed
EOF
prep --patch "$dir/evil.diff" --ipa-dumps "$mini/build"
trouble "evil.diff" "$mini/outside.c"
# With -p1 "a//etc/x" is an absolute path, too.
sed -i "s|--- |--- a/|; s|+++ |+++ b/|" "$dir/evil.diff"
prep --patch "$dir/evil.diff" --ipa-dumps "$mini/build"
trouble "evil.diff" "outside.c"
