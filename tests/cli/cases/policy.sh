# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# What a policy file means for findings, and what is wrong with one.
policy() { printf '%s\n' "$@" >"$dir/my.policy"; }

# The proof sees that the function which is left out differs, and names it.
policy 'leave-out note_erase: nobody erases'
prep --patch "$fix" --ipa-dumps "$mini/build" --policy "$dir/my.policy"
exits 0
says "warning: KLP-LEFT-OUT fs/notes.c" "'note_erase'" "nobody erases"
report '.result == "module" and [.patch[].symbol] == ["note_read"]'
report '[.left_out[] | .symbol, .reasons[0].of] == ["note_erase", "slot_is_used"]'
report '.proof.outside_patch_set == ["note_erase"]'
report '.policy == [{rule: "leave-out note_erase", line: 1, reason: "nobody erases", used: true, inherited: false}]'

# A variable's initial value: the author knows that the kernel's is right, or sets it.
cat >"$dir/data.diff" <<'EOF'
--- a/fs/notes.c
+++ b/fs/notes.c
@@ -12,3 +12,3 @@
 static struct note notes[NOTES_MAX];
-static unsigned int notes_used;
+static unsigned int notes_used = 1;
 
@@ -17,3 +17,3 @@
 {
-	return slot <= notes_used;
+	return slot < notes_used;
 }
EOF
prep --patch "$dir/data.diff" --ipa-dumps "$mini/build"
refused KLP-DATA-CHANGED notes_used
policy 'accept KLP-DATA-CHANGED notes_used: a callback sets it'
prep --patch "$dir/data.diff" --ipa-dumps "$mini/build" --policy "$dir/my.policy"
exits 0
says "warning: KLP-DATA-CHANGED" "accepted, which claims that"
says "accepted: a callback sets it"
report 'any(.findings[]; .code == "KLP-DATA-CHANGED" and .severity == "warning" and .accepted == "a callback sets it")'

# Its type is another matter: the new code would take the kernel's variable for what it isn't.
sed -i 's/^+static unsigned int notes_used = 1;/+static unsigned short notes_used;/' "$dir/data.diff"
prep --patch "$dir/data.diff" --ipa-dumps "$mini/build" --policy "$dir/my.policy"
exits 1
says "error: KLP-DATA-CHANGED"
says "warning: KLP-POLICY my.policy:1" "can't be accepted"

# Init code has run; no claim changes that.
cat >"$dir/init.diff" <<'EOF'
--- a/fs/notes.c
+++ b/fs/notes.c
@@ -66,3 +66,3 @@
 {
-	log_line("notes: ready");
+	log_line("notes: ready to write");
 	return 0;
EOF
policy 'accept KLP-INIT: it will be fine'
prep --patch "$dir/init.diff" --ipa-dumps "$mini/build" --policy "$dir/my.policy"
exits 1
says "warning: KLP-POLICY my.policy:1" "can't be accepted"

# A rule that nothing used is said, each behind its stage.
policy '# two misspelt ones' 'leave-out note_ersae: x' 'accept KLP-NO-SUCH: x'
prep --patch "$fix" --ipa-dumps "$mini/build" --policy "$dir/my.policy" --stop-after check
exits 0
says "warning: KLP-POLICY my.policy:2" "'leave-out note_ersae' has no effect"
! grep -q my.policy:3 "$said" || fail "a rule for later stages is called unused"
prep --patch "$fix" --ipa-dumps "$mini/build" --policy "$dir/my.policy"
exits 0
says "warning: KLP-POLICY my.policy:3" "'accept KLP-NO-SUCH' has no effect"

# The policy doesn't judge itself.
policy 'leave-out note_erase: nobody erases' 'accept KLP-LEFT-OUT: hush'
prep --patch "$fix" --ipa-dumps "$mini/build" --policy "$dir/my.policy"
exits 0
says "warning: KLP-LEFT-OUT"
says "warning: KLP-POLICY my.policy:2" "can't be accepted"

policy 'copy note_read' 'leave-out note_erase'
prep --patch "$fix" --ipa-dumps "$mini/build" --policy "$dir/my.policy"
trouble "my.policy:2" "'leave-out' needs a reason"
prep --patch "$fix" --ipa-dumps "$mini/build" --policy "$dir/none.policy"
trouble "none.policy"

# What is claimed of one thing doesn't hold for the next: which one is meant has to be said.
for code in KLP-V-RETURNS KLP-V-HANDOVER KLP-DATA-CHANGED KLP-OUTSIDE; do
	policy 'copy note_read' "accept $code: it is fine"
	prep --patch "$fix" --ipa-dumps "$mini/build" --policy "$dir/my.policy"
	trouble "my.policy:2" "'accept $code' doesn't say of what"
	says "hint: " "accept $code SYMBOL: REASON"
done

# What has no symbol is named by its file.
sed 's|^|-|; 1i --- a/fs/quota.c\n+++ /dev/null\n@@ -1,'"$(wc -l <"$mini/source/fs/quota.c")"' +0,0 @@' \
	"$mini/source/fs/quota.c" >"$dir/deleted.diff"
cat "$fix" >>"$dir/deleted.diff"
policy 'accept KLP-FILE-DELETED notes.c: another file'
prep --patch "$dir/deleted.diff" --ipa-dumps "$mini/build" --policy "$dir/my.policy" --stop-after detect
exits 1
says "error: KLP-FILE-DELETED"
policy 'accept KLP-FILE-DELETED fs/quota.c: it runs on'
prep --patch "$dir/deleted.diff" --ipa-dumps "$mini/build" --policy "$dir/my.policy" --stop-after detect
exits 0
says "warning: KLP-FILE-DELETED" "accepted, which claims that"
