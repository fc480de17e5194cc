# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Two statics of one name: each is a function of its own, and must be told by its file.
mkdir "$dir/two"
for file in a b; do
	printf 'int io(int);\nstatic __attribute__((noinline)) int same(int x) { return io(x) + 1; }\nint %s(int x) { return same(x); }\n' \
		$file >"$dir/two/$file.c"
	command="gcc -O2 -pg -mfentry -mrecord-mcount -fno-pie -fdump-ipa-clones -c -o $file.o $file.c"
	(cd "$dir/two" && $command) && printf 'cmd_%s.o := %s\n\nsource_%s.o := %s.c\n\ndeps_%s.o := \n' \
		$file "$command" $file $file $file >"$dir/two/.$file.o.cmd"
done
prep --function same --ipa-dumps "$dir/two" --stop-after check
refused KLP-WHICH-FUNCTION same
says "same@a.c" "same@b.c"
prep --function same@b.c --ipa-dumps "$dir/two" --stop-after check
exits 0
report '[.patch[] | .unit + " " + .file] == ["b.o b.c"]'
report '[.changed[].unit] == ["b.o"]'
