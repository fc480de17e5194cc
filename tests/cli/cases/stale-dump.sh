# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# An hour older than the object: of an earlier compilation.
touch -d "@$(($(stat -c %Y "$mini/build/fs/notes.o") - 3600))" "$mini/build/fs/notes.c.000i.ipa-clones"
prep --patch "$fix" --ipa-dumps "$mini/build"
refused KLP-STALE-DUMP fs/notes.o
