# SPDX-License-Identifier: GPL-2.0-or-later
# `objdump -t` of vmlinux as Module.symvers: checksum (there is none), name, object, kind, and
# the namespace (none). EXPORT_SYMBOL leaves a __ksymtab_NAME in a section named by its kind.
$3 == "O" && $4 ~ /^__ksymtab/ && $NF ~ /^__ksymtab_/ {
	printf "0x00000000\t%s\tvmlinux\t%s\t\n", substr($NF, 11),
		$4 == "__ksymtab_gpl" ? "EXPORT_SYMBOL_GPL" : "EXPORT_SYMBOL"
}
