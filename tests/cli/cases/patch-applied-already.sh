# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A fix that the source has is no fix of the kernel that was built from it.
patch -s -p1 -d "$mini/source" <"$fix"
prep --patch "$fix" --ipa-dumps "$mini/build"
trouble "fix.diff" "does not apply" "fs/notes.c"
