/* SPDX-License-Identifier: GPL-2.0-or-later */
/* values_base.c */
int values_base(void);
extern int values_exported;

/* values_first.c and values_last.c */
int values_first(void);
