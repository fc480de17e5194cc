# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# In the guest: each broken module meets the fate that the table says, in the words that klp-verify predicted; the
# good ones are loaded.
orders="refused"

# of NAME: the livepatch that the functions of test.sh speak of
of() { livepatch=./$1.ko klp=$(echo "$1" | tr - _) sysfs=/sys/kernel/livepatch/$(echo "$1" | tr - _); }

take_out() {
	if [ -e "$sysfs" ]; then unload_livepatch; fi
	until_true unloaded || fail "rmmod $klp failed"
}

# NAME: one that is loaded, and does what it can
take() {
	accepted insmod "./$1.ko"
	[ ! -e "$sysfs" ] || until_true settled || fail "no transition within $wait_s s: $(stuck_tasks 1)"
}

# NAME: one that waits for a task that never leaves what is patched
stall() {
	accepted insmod "./$1.ko"
	sleep 3
	is "transition" "$(cat "$sysfs/transition")" 1
	say "waits for $(stuck_tasks 1)"
}

# What the kernel says of modules: it may still be busy with its clocks.
words() { dmesg | grep -v 'tainting kernel\|taints kernel\|clocksource:\|tsc: '; }

# NAME MESSAGE: refused with these words; with none at all for "-"
refuse() {
	local found
	refused insmod "./$1.ko"
	if [ "$2" = - ]; then
		is "its words" "$(words)" ""
		return 0
	fi
	found=$(dmesg | grep -F "$2")
	if [ -z "$found" ]; then
		missing="$missing $1"
		dmesg | head -n 20
		return 1
	fi
	say "$found"
}

order_refused() {
	local name does beside message missing=
	load_modules
	step "good ones"
	while read -r name; do
		of "$name"
		load_livepatch
		take_out
	done </good
	step "broken ones"
	while IFS='	' read -r name does beside message; do
		if [ "$beside" != - ]; then of "$beside"; load_livepatch; fi
		of "$name"
		dmesg -c >/dev/null
		case $does in
		takes) take "$name" && echo "    as told: $name"; take_out ;;
		stalls) stall "$name" && echo "    as told: $name"; take_out ;;
		*) refuse "$name" "$message" && echo "    as told: $name" ;;
		esac
		if [ "$beside" != - ]; then of "$beside"; take_out; fi
		is "livepatches" "$(ls /sys/kernel/livepatch)" ""
	done </broken
	# the kernel's complaints were looked at one by one
	dmesg -c >/dev/null
	[ -z "$missing" ] || fail "not the predicted words:$missing"
	unload_modules
}
