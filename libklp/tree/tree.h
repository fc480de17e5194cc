/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel build that runs on the machines to patch, read-only: units and their commands,
 * configuration, exports, dumps. The only home of what Kbuild calls its files. Nothing here
 * writes below the build or the source.
 *
 * A build may be as small as one unit: x.c, x.o, .x.o.cmd, x.c.000i.ipa-clones. Then there
 * is no .config, no vmlinux, no Module.symvers, and `lone` is true.
 */
#ifndef KLP_TREE_TREE_H
#define KLP_TREE_TREE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/log.h"
#include "base/map.h"
#include "model/finding.h"
#include "model/unit.h"
#include "parsers/symvers.h"

struct klp_graph;	/* tree/graph.h */
struct klp_index;	/* tree/index.h */
struct klp_ltos;	/* tree/lto.h */
struct klp_listed_dirs; /* tree/list.h */

struct klp_tree_opts {
	const char *ipa_dumps; /* directory of the .ipa-clones dumps; NULL: build */
	const char *build;     /* NULL: ipa_dumps; one of the two is required */
	const char *source;    /* NULL: BUILD/source when it exists, else where the commands
				  say that it was; it may be gone */
	unsigned int jobs;     /* threads that look whether an index of the build is true */
	bool no_exports;       /* Module.symvers isn't read: for questions about functions */
	bool no_units;	       /* neither dumps nor commands are looked for: for questions about
				  modules, which a build may be asked that keeps neither */
};

struct klp_tree {
	struct klp_arena *arena;
	const char *ipa_dumps, *build, *source; /* absolute, real */
	const char *vmlinux;			/* path, NULL when the build holds none */
	const char *release;	 /* include/config/kernel.release, NULL when unknown */
	bool lone;		 /* no vmlinux and no .config: a directory of single objects */
	struct klp_map config;	 /* "CONFIG_X" -> value; empty when there is no .config */
	struct klp_map exports;	 /* symbol -> struct klp_export; empty without Module.symvers */
	struct klp_map units;	 /* cache: object -> struct klp_unit */
	struct klp_map files;	 /* cache: source file -> the struct klp_units that compile it */
	struct klp_strs cmds;	 /* every .NAME.o.cmd, relative to build, sorted */
	struct klp_strs dumps;	 /* every .ipa-clones, relative to ipa_dumps, sorted */
	struct klp_strs modules; /* of modules.order, each as "fs/ext4/ext4.ko" */
	struct klp_graph *graph; /* all dumps, once klp_graph_load() was asked; else NULL */
	const struct klp_index *index; /* where the names are; NULL without one that is true */
	struct klp_ltos *ltos;	       /* the links with optimisation, once one was asked for */
	struct klp_listed_dirs
		*listed; /* what was walked for cmds and dumps; empty with an index */
};

/*
 * Opens a build. What hangs off *ret lives in arena; there is nothing to close. A tree belongs to
 * one thread at a time, as it remembers what it was asked. Errors, each with a hint: a directory
 * that doesn't exist, no dump anywhere below ipa_dumps (say: build with KCFLAGS=-fdump-ipa-clones)
 * unless clang compiled, a build without any .*.o.cmd; with no_units, one without vmlinux, .config
 * and Module.symvers.
 */
int klp_tree_open(struct klp_arena *arena, const struct klp_tree_opts *opts, struct klp_tree *ret,
		  struct klp_error *err);

/*
 * What makes the whole build unfit, as findings (empty for a lone one): KLP-NO-LIVEPATCH
 * (CONFIG_LIVEPATCH is off), KLP-COMPILER (`CC --version` of the recorded compiler is not
 * CONFIG_CC_VERSION_TEXT), KLP-LTO; the note KLP-NO-CONFIG when there is no .config to tell.
 * The compiler is left out when unit is NULL.
 */
int klp_tree_check(struct klp_arena *arena, const struct klp_tree *tree,
		   const struct klp_unit *unit, struct klp_findings *findings,
		   struct klp_error *err);
/* That note, for whoever asks about a whole kernel; a lone object isn't asked for one. */
void klp_tree_say_no_config(struct klp_arena *arena, struct klp_findings *findings);

/* One of ->cmds: "fs/.namei.o.cmd" -> "fs/namei.o"; NULL when it isn't of that form. */
char *klp_tree_object_of(struct klp_arena *arena, const char *cmd);

/*
 * The unit that makes an object ("fs/namei.o"), from its .cmd file. Cached in the tree, so
 * that equal objects give equal pointers.
 */
int klp_tree_unit(struct klp_tree *tree, const char *object, struct klp_unit **ret,
		  struct klp_error *err);

/*
 * The units that compile a source file (relative to the source): its own one, and every one
 * whose deps_ list names it (kernel/sched/rt.c is included by build_policy.c; a header by
 * many). Left out are units that are not C, and objects that never run in the kernel: host
 * programs, the boot loader's stub, the vDSO (klp_tree_linked()). Sorted by object. None is
 * no error. `jobs` threads scan the .cmd files, once for a file.
 */
int klp_tree_units_of(struct klp_arena *arena, struct klp_tree *tree, const char *file,
		      unsigned int jobs, struct klp_units *ret, struct klp_error *err);

/*
 * The units whose dump mentions a function (or a clone of it) that is defined in the source
 * file `file`, relative to the source. Scans all dumps of the tree; units that klp_tree_units_of()
 * would leave out are left out. Sorted by object.
 */
int klp_tree_carriers(struct klp_arena *arena, struct klp_tree *tree, const char *function,
		      const char *file, unsigned int jobs, struct klp_units *ret,
		      struct klp_error *err);

/*
 * The compiler command of every object that is C code of the running kernel, sorted by
 * object. Commands that can't be taken apart are left out here: klp_tree_unit() says why.
 */
struct klp_tree_command {
	const char *object;
	struct klp_strs argv;
	bool module;
	const char *dump; /* relative to ipa_dumps, NULL when there is none */
};
KLP_VEC(klp_tree_commands, struct klp_tree_command);
int klp_tree_commands(struct klp_arena *arena, const struct klp_tree *tree,
		      struct klp_tree_commands *ret, struct klp_error *err);

/*
 * The units that make these objects, without those that are no C code of the running kernel
 * (see klp_tree_units_of()) and those that were linked from others. Sorted by object.
 */
int klp_tree_units_in(struct klp_arena *arena, struct klp_tree *tree,
		      const struct klp_strs *objects, struct klp_units *ret, struct klp_error *err);

/*
 * A unit's dump is there and no older than its object: KLP-NO-DUMP, KLP-STALE-DUMP
 * otherwise, both errors. (gcc writes the dump some time before the assembler writes the
 * object: up to KLP_DUMP_SLACK_S between them is one compilation.)
 */
#define KLP_DUMP_SLACK_S 60
void klp_tree_check_dump(struct klp_arena *arena, const struct klp_tree *tree,
			 const struct klp_unit *unit, struct klp_findings *findings);

/*
 * The dumps of units in which some lines are no records: they may be the ones that a function is
 * mentioned in, which then is missing from klp_tree_carriers(). Looks at the beginning and the end
 * of each line of all dumps; at what was parsed when the graph is loaded. With an index there is
 * none, for it is made of whole dumps alone. Sorted by name.
 */
struct klp_bad_dump {
	const char *name;  /* relative to ipa_dumps */
	unsigned int line; /* the first one */
	unsigned int n;	   /* how many */
	const char *why;   /* of the first one: "it ..." */
};
KLP_VEC(klp_bad_dumps, struct klp_bad_dump);
int klp_tree_bad_dumps(struct klp_arena *arena, const struct klp_tree *tree, unsigned int jobs,
		       struct klp_bad_dumps *ret, struct klp_error *err);
/* KLP-BAD-DUMP, an error, once for each dump. */
void klp_bad_dump_say(struct klp_arena *arena, const struct klp_bad_dump *bad,
		      struct klp_findings *findings);

/*
 * False when an object is known not to be part of vmlinux: no built-in.a, lib.a or vmlinux.a
 * of its directory or of one above lists it. True where no such archive was kept.
 */
bool klp_tree_linked(struct klp_arena *arena, const struct klp_tree *tree, const char *object);

/*
 * The path of a file relative to the kernel source (or to the build, for a generated one), as
 * a command or a dump of this build spells it: absolute, or relative to the build; symbolic
 * links to directories are followed. *ret_root is the directory that it is relative to. NULL
 * when it is below neither.
 */
const char *klp_tree_relative(struct klp_arena *arena, const struct klp_tree *tree,
			      const char *path, const char **ret_root);

/* "y", "m", a string's content; NULL when unset. */
const char *klp_tree_config(const struct klp_tree *tree, const char *name);
bool klp_tree_config_is(const struct klp_tree *tree, const char *name);
/* Who exports a symbol, or NULL. */
const struct klp_export *klp_tree_export(const struct klp_tree *tree, const char *symbol);
/* The running object's file that holds a unit: vmlinux, or its .ko; the .o in a lone build. */
const char *klp_tree_object_file(const struct klp_tree *tree, const struct klp_unit *unit);
/*
 * The path of the .ko of a module by its kernel name ("ext4"), by modules.order; NULL when
 * unknown.
 */
const char *klp_tree_module_file(struct klp_tree *tree, const char *module);
/*
 * The file of an object of the running kernel by its name, "vmlinux" or a module's; NULL when the
 * build doesn't hold it.
 */
const char *klp_tree_running_file(struct klp_tree *tree, const char *name);
/*
 * The objects of the build that a module was linked from, as full paths, by its .mod file: all
 * that it lists, whether they are still there or not. None when that isn't there or readable, or
 * names what is no object below the build.
 */
void klp_tree_module_objects(struct klp_arena *arena, struct klp_tree *tree, const char *module,
			     struct klp_strs *ret);
/* What klp_patched.object and klp_symref.object say for a unit: "vmlinux" or the module. */
const char *klp_unit_object_name(const struct klp_unit *unit);

#endif
