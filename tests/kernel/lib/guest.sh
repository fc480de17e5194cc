# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The guest of tests/kernel/run: packs one initramfs with all livepatches, boots it, reads the
# results from the serial console. A guest that stops (panic, hang, failed test) fails the test
# that was running; those behind it are run in a new boot.

# No output for so long: the guest hangs. Longer than a transition may take in it.
stall_s=${KERNEL_TESTS_STALL:-75}

# The modules that a test wants, and what they depend on, in the order of loading.
load_order() {
	local module=$1 build=$2 ko depends d
	ko=$(find "$kernel/build" "$build" -name "${module//_/[-_]}.ko" | head -n 1)
	if [ -z "$ko" ]; then
		echo "module '$module' is not in the kernel build" >&2
		return 1
	fi
	depends=$(modinfo -F depends "$ko")
	for d in ${depends//,/ }; do
		load_order "$d" "$build" || return 1
	done
	cp -n "$ko" "$root/modules/$module.ko"
	echo "$module"
}

# What a test's guest script wants to be loaded: modules="loop".
wanted_modules() { sed -n 's/^modules="\(.*\)"$/\1/p; s/^modules=\([a-z0-9_]*\)$/\1/p' "$1"; }

pack_initramfs() {
	local name dir module other
	root=$work/initramfs
	mkdir -p "$root"/{bin,lib,modules,tests,dev,proc,sys,tmp}
	cp "$(command -v busybox)" "$root/bin/busybox"
	cp "$here/guest/init" "$root/init"
	cp "$here/guest/test.sh" "$root/lib/test.sh"
	chmod 755 "$root/init" "$root/bin/busybox"
	for name in "$@"; do
		dir=$root/tests/$name
		mkdir -p "$dir"
		cp "${dir_of[$name]}/guest" "$work/$name"/livepatch/*.ko "$dir/"
		for other in "$work/$name"/next*/; do
			# one that klp-prep refuses is a test of its report alone
			compgen -G "$other/*.ko" >/dev/null || continue
			mkdir "$dir/$(basename "$other")"
			cp "$other"/*.ko "$dir/$(basename "$other")/"
		done
		if [ -e "$work/$name/helper" ]; then
			mkdir "$dir/helper"
			cp "$work/$name"/helper/*.ko "$dir/helper/"
		fi
		if [ -e "${dir_of[$name]}/extra" ]; then
			"${dir_of[$name]}/extra" "$kernel" "$root" ||
				fail_test "$name" "what it wants in the guest couldn't be packed"
		fi
		for module in $(wanted_modules "$dir/guest"); do
			load_order "$module" "$(build_of "$name")"
		done 2>"$work/$name/modules.bad" | awk '!seen[$0]++' >"$dir/load-order"
		[ ! -s "$work/$name/modules.bad" ] || fail_test "$name" "$(cat "$work/$name/modules.bad")"
	done
	pack "$root" >"$work/initramfs.gz"
}

pack() { (cd "$1" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 | gzip -1); }

# One boot: boot NUMBER NAME... The console log is complete when this returns.
boot() {
	local log=$work/console-$1.log extra=$work/todo-$1 pid size last=-1 quiet=0
	shift
	mkdir -p "$extra"
	printf '%s\n' "$@" >"$extra/todo"
	# The kernel unpacks one archive behind the other.
	{ cat "$work/initramfs.gz"; pack "$extra"; } >"$extra.gz"
	: >"$log"
	qemu-system-x86_64 -m 512 -smp 2 -nic none -display none -monitor none -serial "file:$log" \
		-no-reboot -kernel "$kernel/build/arch/x86/boot/bzImage" -initrd "$extra.gz" \
		-append "console=ttyS0 panic=-1 oops=panic loglevel=4 secret=hunter2" \
		</dev/null >"$extra.qemu" 2>&1 &
	pid=$!
	disown $pid
	while kill -0 $pid 2>/dev/null; do
		sleep 0.5
		size=$(stat -c %s "$log")
		if [ "$size" != "$last" ]; then
			last=$size quiet=0
			continue
		fi
		quiet=$((quiet + 1))
		if [ $quiet -gt $((stall_s * 2)) ]; then
			kill -KILL $pid
			echo "@@ hang" >>"$log"
		fi
	done
	sed -i 's/\r//g' "$log"
}

# Why a guest stopped in the middle of a test, in one line.
stopped_by() {
	grep -aqF '@@ hang' "$1" && { echo "the guest hangs: no output for $stall_s s"; return; }
	grep -aoE -m 1 '(Kernel panic|BUG:|Oops|Unable to|general protection).*' "$1" ||
		echo "the guest stopped without a word"
}

# A guest that died of a breakpoint where there is none any more: the byte in front of the marked one isn't
# 0xcc. The kernel has every CPU pass a barrier before it takes one away again (text_poke_bp_batch() in
# arch/x86/kernel/alternative.c); the emulator, with a thread for each CPU, has run it all the same.
stale_trap() {
	grep -aq '^int3: ' "$1" && grep -aE -m 1 '^Code: ' "$1" | grep -qE ' [0-9a-f]{2} <[0-9a-f]{2}>' &&
		! grep -aE -m 1 '^Code: ' "$1" | grep -q ' cc <'
}

run_guests() {
	local todo=("$@") n=0 log name rest retried
	local -A tried=()
	pack_initramfs "$@"
	while [ ${#todo[@]} -gt 0 ]; do
		n=$((n + 1))
		log=$work/console-$n.log
		boot "$n" "${todo[@]}"
		rest=() retried=
		for name in "${todo[@]}"; do
			if grep -aqF "@@ begin $name" "$log"; then
				if [ -z "${tried[$name]:-}" ] && stale_trap "$log" && ! grep -aqE "^@@ (pass|fail) $name\$" "$log"; then
					echo "      $name once more: the emulator ran a breakpoint that was gone, see $log" >&2
					tried[$name]=1 retried=1
					rest+=("$name")
					continue
				fi
				ln -sf "../console-$n.log" "$work/$name/console.log"
				guest_result "$name" "$log"
			else
				rest+=("$name")
			fi
		done
		if [ -z "$retried" ] && [ ${#rest[@]} -eq ${#todo[@]} ]; then
			for name in "${rest[@]}"; do
				fail_test "$name" "the guest didn't come up: see $log, ${log%.log}; qemu: $(head -n 1 "$work/todo-$n.qemu")"
			done
			return
		fi
		todo=("${rest[@]}")
	done
}

guest_result() {
	local why
	grep -aqxF "@@ pass $1" "$2" && return
	why=$(grep -a -m 1 "^@@ why $1: " "$2" | sed "s/^@@ why $1: //")
	if [ -z "$why" ] || ! grep -aqxF "@@ fail $1" "$2"; then
		why=$(stopped_by "$2")
	fi
	fail_test "$1" "$why"
	fail_test "$1" "console log: $2"
}

# What the guest said during one test.
transcript() {
	local log=$work/$1/console.log
	[ -e "$log" ] || return 0
	awk -v name="$1" '
		$0 == "@@ begin " name { on = 1; next }
		/^@@ (begin|pass|fail|down|hang)/ { on = 0 }
		on { sub("^@@ step " name ": ", "  "); print "      " $0 }' "$log"
}
