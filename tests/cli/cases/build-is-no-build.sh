# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A directory that is there, but no kernel was built in it.
mkdir "$mini/empty"
prep --patch "$fix" --ipa-dumps "$mini/empty"
trouble "$mini/empty"
