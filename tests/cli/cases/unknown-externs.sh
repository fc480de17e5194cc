# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# There are two ways to get at what the kernel doesn't export.
prep --patch "$fix" --ipa-dumps "$mini/build" --externs pointers
trouble "no way 'pointers'"
says "--externs is reloc or kallsyms"
