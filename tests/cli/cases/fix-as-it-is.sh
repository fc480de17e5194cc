# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# The control: with nothing damaged the fix becomes a module.
prep --patch "$fix" --ipa-dumps "$mini/build" --name fix
exits 0
report '[.patch[].symbol] == ["note_erase", "note_read"]'
report '[.findings[] | select(.severity == "error")] == []'
[ -e "$out/fix.ko" ] || fail "no fix.ko: $(ls "$out")"
