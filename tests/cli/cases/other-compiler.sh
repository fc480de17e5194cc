# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
sed -i 's/^CONFIG_CC_VERSION_TEXT=.*/CONFIG_CC_VERSION_TEXT="gcc (Elsewhere 9.9.9-1) 9.9.9"/' "$mini/build/.config"
prep --patch "$fix" --ipa-dumps "$mini/build"
refused KLP-COMPILER .config
says "gcc (Elsewhere 9.9.9-1) 9.9.9"
