# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
prep --function slot_is_used --ipa-dumps "$mini/build" --stop-after check
exits 0
report '.name == "slot_is_used" and .changed == [{function: "slot_is_used", file: "fs/notes.c", line: 16, kind: "named", unit: "fs/notes.o"}]'
report '[.patch[].symbol] == ["note_erase", "note_read"] and all(.patch[]; .reasons[0].kind == "inlined")'
report '[.findings[].code] == ["KLP-NO-PROOF"]'

# Several, in one list and in two; the end of a path is enough; once is enough.
prep --function quota_of@quota.c,note_read@fs/notes.c --function note_read --ipa-dumps "$mini/build" --stop-after check
exits 0
report '[.changed[].function] == ["note_read", "quota_of"]'
report 'any(.patch[]; .symbol == "note_read" and .reasons == [{kind: "named", of: "note_read", evidence: "fs/notes.c:27: note_read is asked for"}])'

# Beside a fix: what it changes stays changed, and is viewed with the fix applied.
prep --patch "$fix" --function slot_is_used,note_add,quota_charge --ipa-dumps "$mini/build"
exits 0
report '[.changed[] | .function + " " + .kind] == ["slot_is_used modified", "note_add named", "quota_charge named"]'
report '.name == "fix" and .proof.compiled_units == 1'
grep -q 'slot < klpe_notes_used' "$out/fs_notes.c" || fail "the fix isn't in fs_notes.c"
grep -q 'klpp_note_add' "$out/fs_notes.c" || fail "note_add isn't in fs_notes.c"
grep -q "the kernel's source, unchanged" "$out/fs_quota.c" || fail "fs_quota.c has no fix in it"

# What can't be answered: with the place, and what there is instead.
prep --function note_reed --ipa-dumps "$mini/build"
refused KLP-NO-FUNCTION note_reed
says "similar" "note_read"
prep --function note_read@core/core.c --ipa-dumps "$mini/build"
refused KLP-NO-FUNCTION core/core.c
says "note_read@fs/notes.c"
prep --function notes_init --ipa-dumps "$mini/build"
refused KLP-INIT fs/notes.c

prep --function "" --ipa-dumps "$mini/build"
trouble "names no function"
prep --function note_read,,note_add --ipa-dumps "$mini/build"
trouble "names no function"
prep --function @fs/notes.c --ipa-dumps "$mini/build"
trouble "@fs/notes.c"
