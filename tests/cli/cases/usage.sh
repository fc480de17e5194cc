# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
prep
trouble
prep --ipa-dumps "$mini/build"
trouble
prep --patch "$fix"
trouble
prep --patch "$fix" --ipa-dumps "$mini/build" --stop-after lunch
trouble "lunch"
prep --patch "$fix" --ipa-dumps "$mini/build" --name "../evil"
trouble "../evil"
prep --patch "$fix" --ipa-dumps "$mini/build" --shadow note
trouble "'note' is no STRUCT.MEMBER"
prep --patch "$fix" --ipa-dumps "$mini/build" --shadow ../note.seen
trouble "STRUCT.MEMBER"
prep --no-such-option
exits 2
prep --help
exits 0
says "--ipa-dumps"
