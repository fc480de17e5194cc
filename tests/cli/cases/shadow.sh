# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A member that the fix adds: refused, with accessors of a shadow variable for whoever asks.
adds=$top/tests/golden/prep/shadow/fix.diff
prep --patch "$adds" --ipa-dumps "$mini/build"
refused KLP-TYPE-CHANGED fs/notes.h
says "run again with" "--shadow note.seen"
prep --patch "$adds" --ipa-dumps "$mini/build" --shadow note.seen
exits 1
[ "$(ls "$out" | tr '\n' ' ')" = "report.html report.json shadow_note_seen.h " ] || fail "there is: $(ls "$out")"
says "note: KLP-SHADOW-USE fs/notes.c" "'note_read' writes 'note.seen'"
says "note: KLP-SHADOW-OBJECT" "'note_erase' copies a struct note as a whole"
report '.result == "refused" and [.shadows[].header] == ["shadow_note_seen.h"]'

# The guest's tests of shadow variables have such a header in their fixes: with other names it is this one.
same_header() { # FIX STRUCT MEMBER DECLARATION
	sed -n "/^+++ .*shadow_$2_$3.h/,/^---/s/^+\([^+].*\|\$\)/\1/p" "$1" >"$dir/theirs"
	sed "s/note_seen/$2_$3/g; s/NOTE_SEEN/$(tr a-z A-Z <<<"$2_$3")/g; s/note\.seen/$2.$3/g; s/struct note\b/struct $2/g
		s/u32 seen/$4/" "$out/shadow_note_seen.h" >"$dir/ours"
	sed -i 's/0x[0-9a-f]\{16\}UL/ID/' "$dir/ours" "$dir/theirs"
	[ -s "$dir/theirs" ] && diff -u "$dir/ours" "$dir/theirs" >"$said" || fail "the header in $1 isn't what is written now"
}
same_header "$top/tests/kernel/cases/shadow-variable/fix.diff" book lent 'unsigned int lent'
same_header "$top/samples/07-shadow-variable/fix.diff" kernfs_open_node opens 'unsigned int opens'

# The variable's id is that of its name: livepatches of other times mean the same one.
grep -qx '#define SHADOW_NOTE_SEEN_ID 0x[0-9a-f]\{16\}UL' "$out/shadow_note_seen.h" || fail "no id"
id=$(jq -r '.shadows[0].id' "$out/report.json")
grep -q "$id" "$out/shadow_note_seen.h" || fail "report.json has another id"

# A fix that doesn't touch the struct has nothing to put there.
prep --patch "$fix" --ipa-dumps "$mini/build" --shadow note.seen
refused KLP-SHADOW note.seen
