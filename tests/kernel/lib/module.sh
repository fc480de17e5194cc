# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A test with a module of its own: built by Kbuild outside the kernel's tree, and presented to
# klp-prep as if it were part of it. And tests with a module that only the guest knows.

# The build directory that a test's livepatch is made for.
build_of() { if [ -e "${dir_of[$1]}/module" ]; then echo "$work/$1/kernel/build"; else echo "$kernel/build"; fi; }

# links FROM TO: all of FROM's entries as symbolic links below TO.
links() {
	local entry
	mkdir -p "$2"
	for entry in "$1"/* "$1"/.config; do
		[ ! -e "$entry" ] || ln -s "$entry" "$2/"
	done
}

# WORK/NAME/kernel/{source,build}: symbolic links into the kernel's, and a directory klptest
# with the module in both. Kbuild knows a module outside its tree by an absolute path; in the
# recorded command it becomes the path that a module of the tree has.
make_module() {
	local name=$1 root=$work/$1/kernel ours=$work/$1/kernel/build/klptest cmd
	links "$kernel/source" "$root/source"
	links "$kernel/build" "$root/build"
	rm "$root/build/source" "$root/build/modules.order"
	ln -s ../source "$root/build/source"
	# Kbuild finds the source by this file: the livepatch may include headers of the module.
	sed -i "s|^include .*|include $root/source/Makefile|" "$root/build/Makefile"
	mkdir "$root/source/klptest" "$ours"
	find "${dir_of[$name]}/module/" -name "*.[ch]" -exec cp {} "$root/source/klptest/" \;
	cp "${dir_of[$name]}"/module/* "$ours/"
	if ! env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$kernel/build" M="$ours" \
		KCFLAGS=-fdump-ipa-clones modules >"$work/$name/module.log" 2>&1; then
		fail_test "$name" "its module can't be built: $work/$name/module.log"
		return
	fi
	for cmd in "$ours"/.*.cmd "$ours"/*.mod "$ours"/modules.order; do
		sed -i "s|$ours/\([a-z_]*\.[ch]\)\b|$root/source/klptest/\1|g; s|$ours/|klptest/|g;
			s|-I$ours |-I$root/source/klptest |g" "$cmd"
	done
	mv "$ours/modules.order" "$root/build/"
	sed "s|$ours/|klptest/|" "$ours/Module.symvers" >"$work/$name/symvers"
	rm "$root/build/Module.symvers"
	cat "$kernel/build/Module.symvers" "$work/$name/symvers" >"$root/build/Module.symvers"
	rm "$ours"/*.[ch]
}

# WORK/NAME/helper: the modules of a test's directory helper, for the guest alone.
make_helper() {
	local dir=$work/$1/helper
	cp -r "${dir_of[$1]}/helper" "$dir"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$kernel/build" M="$dir" modules \
		>"$work/$1/helper.log" 2>&1 ||
		fail_test "$1" "its helper can't be built: $work/$1/helper.log"
}
