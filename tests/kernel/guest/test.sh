# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# Runs one test in the guest: sh test.sh NAME. See ../README.md for what a test defines.

readonly test_name=$1
readonly wait_s=45
cd "/tests/$test_name" || exit 1

say() { echo "    $*"; }

fail() {
	echo "@@ why $test_name: $*"
	echo "--- kernel log of this test"
	dmesg
	echo "--- end of kernel log"
	exit 1
}

# is WHAT GOT WANTED: the value is the wanted one.
is() {
	say "$1: '$2'"
	[ "$2" = "$3" ] || fail "$stage: $1 is '$2', wanted '$3'"
}

# has WHAT GOT PART, lacks WHAT GOT PART: the value contains the part, or doesn't.
has() {
	say "$1: '$2'"
	case $2 in *"$3"*) ;; *) fail "$stage: $1 is '$2', wanted '$3' in it" ;; esac
}
lacks() {
	say "$1: '$2'"
	case $2 in *"$3"*) fail "$stage: $1 is '$2', wanted no '$3' in it" ;; esac
}

# accepted COMMAND..., refused COMMAND...: by the exit status.
accepted() {
	"$@" >/tmp/output 2>&1 || fail "$stage: '$*' failed: $(cat /tmp/output)"
	say "accepted: $*"
}
refused() {
	! "$@" >/tmp/output 2>&1 || fail "$stage: '$*' succeeded, wanted a refusal"
	say "refused: $* ($(tail -n 1 /tmp/output))"
}

# write TEXT FILE: as a command, so that accepted and refused can take it.
write() { echo "$1" >"$2"; }

# until_true COMMAND...: waits for it, at most $wait_s seconds.
until_true() {
	local tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt $((wait_s * 5)) ] || return 1
		usleep 200000
	done
}

# Defaults of what a test may leave out.
modules=
orders=after
setup() { :; }
cleanup() { :; }
before() { fail "the test defines no before()"; }
after_load() { fail "the test defines no after_load()"; }
after_disable() { before; }

# The livepatch that the functions below are about: the test's own, ...
use() {
	livepatch=$1
	klp=$(basename "$livepatch" .ko | tr - _)
	sysfs=/sys/kernel/livepatch/$klp
}
first=$(ls ./*.ko)
use "$first"
# ... or one of its others: of NEXT COMMAND... is the command with that of the directory NEXT.
of() {
	local next=$1
	shift
	if [ "$next" = first ]; then use "$first"; else use "$(ls "./$next"/*.ko)"; fi
	"$@"
	use "$first"
}

load_modules() {
	local m
	for m in $(cat load-order 2>/dev/null); do
		grep -q "^$m " /proc/modules || insmod "/modules/$m.ko" || fail "insmod $m.ko failed"
	done
}

unload_modules() {
	local m
	for m in $(tac load-order 2>/dev/null); do
		rmmod "$m" || fail "rmmod $m failed"
	done
}

settled() { [ "$(cat "$sysfs/transition")" = 0 ]; }
# The directory goes away when the kernel is through with a disabled livepatch.
gone() { [ ! -e "$sysfs" ]; }
unloaded() { rmmod "$klp" 2>/dev/null; }

# Who keeps a transition from ending: every task that was not switched yet.
stuck_tasks() {
	local task
	for task in /proc/[0-9]*/task/[0-9]*; do
		[ "$(cat "$task/patch_state" 2>/dev/null)" != "$1" ] &&
			echo "${task##*/} $(cat "$task/comm") $(head -n 3 "$task/stack" 2>/dev/null | tr '\n' ' ')"
	done
}

load_livepatch() { # [PARAMETER=VALUE]...
	insmod "$livepatch" "$@" || fail "insmod $(basename "$livepatch") failed"
	[ "$(cat "$sysfs/enabled")" = 1 ] || fail "$klp is loaded but not enabled"
	until_true settled || fail "no transition within $wait_s s: $(stuck_tasks 1)"
}

unload_livepatch() {
	echo 0 >"$sysfs/enabled" || fail "$klp can't be disabled"
	until_true gone || fail "no transition back within $wait_s s: $(stuck_tasks 0)"
}

# The module, once nothing of it is in use.
remove_livepatch() { until_true unloaded || fail "rmmod $klp failed"; }
# insmod of it is refused: WORDS in the kernel's log say why, and nothing is left behind.
refuse_livepatch() { # WORDS [PARAMETER=VALUE]...
	local words=$1
	shift
	dmesg -c >/dev/null
	refused insmod "$livepatch" "$@"
	has "log" "$(dmesg)" "$words"
	dmesg -c >/dev/null
	[ ! -e "$sysfs" ] || fail "$stage: $klp was refused, and $sysfs is there"
	! grep -q "^$klp " /proc/modules || fail "$stage: $klp was refused, and stays in /proc/modules"
}

step() {
	stage=$1
	echo "@@ step $test_name: $stage"
}

# The livepatch is loaded when the modules that it patches are there already, ...
order_after() {
	load_modules
	setup
	step "before"
	before
	step "load"
	load_livepatch
	step "after load"
	after_load
	step "disable"
	unload_livepatch
	step "after disable"
	after_disable
	cleanup
	remove_livepatch
	unload_modules
}

# ... or earlier than they are: then it has to wait for them, and change them as they come.
order_before() {
	step "load, the modules not there yet"
	load_livepatch
	step "after load, the modules loaded behind it"
	load_modules
	setup
	after_load
	step "disable, the modules in use"
	unload_livepatch
	step "after disable"
	after_disable
	cleanup
	remove_livepatch
	unload_modules
}

stage=start
. ./guest
dmesg -c >/dev/null
for order in $orders; do
	order_$order
done
complaints=$(dmesg | grep -E 'WARNING:|BUG:|Oops|general protection fault|Call Trace|blocked for more|detected stall|Unknown symbol')
[ -z "$complaints" ] || fail "the kernel complained: $complaints"
exit 0
