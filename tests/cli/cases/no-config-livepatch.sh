# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
sed -i 's/^CONFIG_LIVEPATCH=y/# CONFIG_LIVEPATCH is not set/' "$mini/build/.config"
prep --patch "$fix" --ipa-dumps "$mini/build"
refused KLP-NO-LIVEPATCH .config
