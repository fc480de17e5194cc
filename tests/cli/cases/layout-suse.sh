# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# SUSE's main file knows functions, and directories by their name.
prep --patch "$fix" --ipa-dumps "$mini/build" --layout suse --name out --callbacks
trouble "no place for callbacks in --layout suse"
prep --patch "$fix" --ipa-dumps "$mini/build" --layout suse --name out --state 1:1
trouble "no place for states in --layout suse"
prep --patch "$fix" --ipa-dumps "$mini/build" --layout suse --name out --no-replace
trouble "no place for --no-replace in --layout suse"
prep --patch "$fix" --ipa-dumps "$mini/build" --layout suse --name out --externs reloc
trouble "--layout suse has pointers, no relocations"
prep --patch "$fix" --ipa-dumps "$mini/build" --layout suse --name bsc1
trouble "the output directory is called as the livepatch, 'bsc1'"
prep --patch "$fix" --ipa-dumps "$mini/build" --layout rpm
trouble "there is no layout 'rpm'"
says "--layout is module or suse"

prep --patch "$fix" --ipa-dumps "$mini/build" --layout suse --name out --stop-after render
exits 0
[ "$(ls "$out" | tr '\n' ' ')" = "Kbuild.inc livepatch_out.c livepatch_out.h out_fs_notes.c patched_funcs.csv report.html report.json " ] ||
	fail "there is: $(ls "$out")"
[ "$(cat "$out/patched_funcs.csv")" = "vmlinux note_erase klpp_note_erase
vmlinux note_read klpp_note_read" ] || fail "patched_funcs.csv: $(cat "$out/patched_funcs.csv")"
report '.module == null'
grep -q '(\*klpe_out_notes_used)' "$out/out_fs_notes.c" || fail "the pointers aren't the livepatch's own"
grep -qF '{ "notes", &klpe_out_notes, NULL, 0 },' "$out/livepatch_out.c" || fail "no table of references"
grep -qF 'CFLAGS_out/out_fs_notes.o += -I$(srctree)/fs' "$out/Kbuild.inc" || fail "no flags"
