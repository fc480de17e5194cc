# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# The usual mistakes with files: each has one message, which names the file, and a next step.
asks() { prep --patch "$fix" --ipa-dumps "$mini/build" "$@"; }
mkdir "$dir/some"
echo text >"$dir/file"
prep --patch "$dir/some" --ipa-dumps "$mini/build"
trouble "$dir/some"
prep --patch "$fix" --ipa-dumps "$dir/file"
trouble "$dir/file"
prep --patch "$fix" --ipa-dumps "$mini/build" --source "$dir/none"
trouble "$dir/none"
asks --policy "$dir/none"
trouble "$dir/none"
asks --policy "$dir/some"
trouble "$dir/some"
asks --callbacks="$dir/none"
trouble "$dir/none"
asks --base "$dir/none"
trouble "$dir/none"
asks --keep "$dir/file/below"
trouble "$dir/file"
asks --name "$(printf 'x%.0s' {1..300})"
trouble "can't be the name"
out=$dir/file/below
asks
trouble "$dir/file"
out=$dir/out
mkdir "$dir/empty"
: >"$dir/empty.diff"
prep --patch "$dir/empty.diff" --ipa-dumps "$mini/build"
trouble "empty.diff"
prep --patch "$fix" --patch - --patch - --ipa-dumps "$mini/build"
trouble "standard input"
