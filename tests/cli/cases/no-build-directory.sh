# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
prep --patch "$fix" --ipa-dumps "$mini/nowhere"
trouble "$mini/nowhere" "does not exist"
prep --patch "$fix" --ipa-dumps "$mini/build" --build "$mini/gone"
trouble "$mini/gone" "does not exist"
prep --patch "$fix" --ipa-dumps "$mini/build" --source "$mini/lost"
trouble "$mini/lost" "does not exist"
