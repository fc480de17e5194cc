# SPDX-License-Identifier: GPL-2.0-or-later
# A compiler's dependency list (-MMD) as the deps_ list of a .cmd file: without the source.
BEGIN {
	printf "deps_%s := \\\n", target
}
{
	gsub(/\\$/, "")
	for (i = 1; i <= NF; i++)
		if ($i !~ /:$/ && $i != source)
			printf "  %s \\\n", $i
}
END {
	printf "\n%s: $(deps_%s)\n\n$(deps_%s):\n", target, target, target
}
