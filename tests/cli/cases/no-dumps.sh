# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
find "$mini/build" -name '*.ipa-clones' -delete
prep --patch "$fix" --ipa-dumps "$mini/build"
trouble "$mini/build" "ipa-clones"
says "hint" "-fdump-ipa-clones"
