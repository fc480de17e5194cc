# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The livepatches of all tests as one batch. In a run of all tests one of its jobs is killed on the way
# and one is impossible: the rest must be done all the same, and a second batch do what is missing.

# The job of a test, as JSON: the words of its options are keys, the files that they name lie in its directory.
job_of() { # NAME
	local dir=${dir_of[$1]}
	{
		printf '%s\n' --name "$(klp_name "$1")" --ipa-dumps "$(build_of "$1")"
		[ ! -e "$dir/fix.diff" ] || echo "--patch=$dir/fix.diff"
		[ ! -e "$dir/functions" ] || sed 's/^/--function=/' "$dir/functions"
		cat "$dir/options" 2>/dev/null
	} | jq -Rn --arg dir "$dir" '
		def add($key; $value):
			if IN($key; "patch", "function", "state", "shadow") then .[$key] += [$value]
			elif IN($key; "callbacks", "policy") then .[$key] = $dir + "/" + $value
			else .[$key] = $value end;
		reduce inputs as $word ({job: {}};
			if $word | startswith("--") | not then .key as $key | .job |= add($key; $word) | .key = null
			else
				(if .key then .job[.key] = true else . end) |
				($word | capture("^--(?<key>[a-z-]+)(=(?<value>.*))?$")) as $o |
				if $o.value then .key = null | .job |= add($o.key; $o.value) else .key = $o.key end
			end) |
		if .key then .job[.key] = true else . end | .job'
}

# Ends the klp-prep of a job once, when it has begun; below the batch PID.
kill_job() { # PID NAME
	local pid
	while kill -0 "$1" 2>/dev/null; do
		for pid in $(descendants "$1"); do
			tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "--name=$2" || continue
			sleep 1 # somewhere in its stages
			kill -KILL "$pid"
			return
		done
		sleep 0.2
	done
}
descendants() {
	local child
	for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
		echo "$child"
		descendants "$child"
	done
}

# run_batch KILL NAME...: WORK/batch/klp_NAME for each, WORK/batch.json with what became of it. With
# KILL, a test's name or nothing, what is wrong with the batch itself goes to the test "batch".
run_batch() {
	local victim=$1 pid wanted got name
	shift
	{
		for name; do job_of "$name"; done
		[ -z "$victim" ] || echo '{ "name": "impossible", "ipa-dumps": "/nowhere", "patch": ["missing.diff"] }'
	} | jq -s '{ version: 1, jobs: . }' >"$work/jobs.json"
	"$prep" --batch "$work/jobs.json" --output "$work/batch" --json "$work/batch.json" >"$work/batch.log" 2>&1 &
	pid=$!
	[ -z "$victim" ] || kill_job "$pid" "$(klp_name "$victim")"
	wait "$pid"
	[ -n "$victim" ] || return 0
	got=$(jq -r '.jobs[] | select(IN(.result; "killed", "failed", "none", "not-run")) | "\(.job) \(.result)"' "$work/batch.json" | LC_ALL=C sort)
	wanted=$(printf '%s\n' "impossible failed" "$(klp_name "$victim") killed")
	[ "$got" = "$wanted" ] || fail_test batch "in trouble are $(flat "$got"), wanted $(flat "$wanted")"
	"$prep" --batch "$work/jobs.json" --output "$work/batch" --json "$work/batch.json" --verbose >"$work/batch.again.log" 2>&1
	got=$(sed -n 's/: begins$//p' "$work/batch.again.log" | LC_ALL=C sort)
	wanted=$(printf '%s\n' impossible "$(klp_name "$victim")")
	[ "$got" = "$wanted" ] || fail_test batch "a second batch runs $(flat "$got"), wanted $(flat "$wanted")"
}

# The exit status that klp-prep has when it is called by itself.
batch_status() { # NAME
	jq -r --arg job "$(klp_name "$1")" '.jobs[] | select(.job == $job).result |
		if IN("module", "stopped", "nothing-to-do") then 0 elif . == "refused" then 1 else 2 end' "$work/batch.json"
}
