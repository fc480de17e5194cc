# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# What a .cmd file says must never be a program of its own.
sed -i '1s|:= gcc |:= gcc -wrapper /bin/false |' "$mini/build/fs/.notes.o.cmd"
prep --patch "$fix" --ipa-dumps "$mini/build"
[ "$status" = 1 ] || [ "$status" = 2 ] || fail "exit status $status"
says "-wrapper"
sed -i '1s|:= gcc -wrapper /bin/false |:= touch pwned; gcc |' "$mini/build/fs/.notes.o.cmd"
prep --patch "$fix" --ipa-dumps "$mini/build"
[ "$status" = 1 ] || [ "$status" = 2 ] || fail "exit status $status"
[ ! -e "$mini/build/pwned" ] || fail "a recorded command was run"
