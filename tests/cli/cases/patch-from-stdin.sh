# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
prep --patch - --ipa-dumps "$mini/build" --name fix --stop-after closure <"$fix"
exits 0
report '[.patch[].symbol] == ["note_erase", "note_read"]'
