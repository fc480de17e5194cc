# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
echo "Subject: see attachment" >"$dir/letter.diff"
prep --patch "$dir/letter.diff" --ipa-dumps "$mini/build"
trouble "letter.diff"
