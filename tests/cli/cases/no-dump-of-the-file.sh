# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
rm "$mini/build/fs/notes.c.000i.ipa-clones"
prep --patch "$fix" --ipa-dumps "$mini/build"
refused KLP-NO-DUMP fs/notes.o
