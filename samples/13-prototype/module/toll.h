/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the module share. */
struct toll_tariff {
	const char *name;
	unsigned int (*cost)(unsigned int axles);
};

extern const struct toll_tariff toll_by_axle;

unsigned int toll_cost(unsigned int axles);
