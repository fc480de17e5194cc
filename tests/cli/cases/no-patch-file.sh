# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
prep --patch "$mini/missing.diff" --ipa-dumps "$mini/build"
trouble "$mini/missing.diff"
