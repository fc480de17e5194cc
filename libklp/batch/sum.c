// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a job was made of, as one number: its options, the files that they name, the kernel's
 * build, the program. Files are taken by their content; of a build, whose files are many and large,
 * size and time of those that every build writes anew.
 */
#include <inttypes.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "batch/private.h"

/* An output directory holds about twenty. */
#define MAX_FILES 10000

const char *const klp__batch_build_files[] = { ".config", "Module.symvers", "modules.order",
					       "vmlinux", NULL };

/* "-" for what can't be read: then the job fails, and isn't done whatever the sum. */
static const char *sum_of_file(struct klp_arena *arena, const char *path)
{
	KLP_CLEANUP_MAPPED struct klp_mapped mapped = {};
	struct klp_error ignored = {};

	if (klp_mapped_open(path, &mapped, &ignored) < 0)
		return "-";
	return klp_sprintf(arena, "%016" PRIx64, klp_fnv1a(mapped.data, mapped.len));
}

/* The library, when the program has no copy of it. */
static int add_library(struct dl_phdr_info *info, size_t size, void *ctx)
{
	struct klp_buf *buf = ctx;

	(void)size;
	if (!strncmp(klp_path_base(info->dlpi_name), "libklp.so", 9))
		klp_buf_addf(buf, " %s", sum_of_file(buf->arena, info->dlpi_name));
	return 0;
}

const char *klp__batch_program_sum(struct klp_arena *arena, const char *program)
{
	struct klp_buf buf;

	klp_buf_init(&buf, arena);
	klp_buf_add(&buf, sum_of_file(arena, program));
	dl_iterate_phdr(add_library, &buf);
	return buf.p;
}

static void add_build(struct klp_buf *buf, const char *dir)
{
	for (const char *const *name = klp__batch_build_files; *name; name++) {
		const char *path = klp_path_join(buf->arena, dir, *name);
		struct stat st;

		if (stat(path, &st) == 0)
			klp_buf_addf(buf, "%s %lld %lld.%09ld\n", *name, (long long)st.st_size,
				     (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	}
}

/* Its reports say how long things took: they differ though nothing did. */
static void add_livepatch(struct klp_buf *buf, const char *dir)
{
	struct klp_error ignored = {};
	struct klp_strs files = {};

	klp_find_files(buf->arena, dir, "", MAX_FILES, &files, &ignored);
	for (size_t i = 0; i < files.n; i++)
		if (strncmp(files.v[i], "report.", 7) != 0)
			klp_buf_addf(buf, "%s %s\n", files.v[i],
				     sum_of_file(buf->arena,
						 klp_path_join(buf->arena, dir, files.v[i])));
}

static void add_input(struct klp_buf *buf, const char *dir, const struct klp_batch_input *input)
{
	const char *path = klp_path_join(buf->arena, dir, input->path);

	switch (input->reads) {
	case KLP_BATCH_READS_NOTHING:
		break;
	case KLP_BATCH_READS_FILE:
		klp_buf_addf(buf, "%s\n", sum_of_file(buf->arena, path));
		break;
	case KLP_BATCH_READS_BUILD:
		add_build(buf, path);
		break;
	case KLP_BATCH_READS_LIVEPATCH:
		add_livepatch(buf, path);
		break;
	}
}

const char *klp__batch_sum(struct klp_arena *arena, const struct klp_batch *batch,
			   const char *program_sum, const char *output,
			   const struct klp_batch_job *job)
{
	/* dropped with everything that was read for it */
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_strs words = {};
	struct klp_buf buf;

	klp_buf_init(&buf, scratch);
	klp_buf_addf(&buf, "%s\n", program_sum);
	klp__batch_words(scratch, output, job, 1, &words);
	for (size_t i = 0; i < words.n; i++)
		klp_buf_addn(&buf, words.v[i], strlen(words.v[i]) + 1);
	for (size_t i = 0; i < job->inputs.n; i++)
		add_input(&buf, batch->dir, &job->inputs.v[i]);
	if (job->base)
		add_livepatch(&buf, klp__batch_dir(scratch, output, job->base));
	return klp_sprintf(arena, "%016" PRIx64, klp_fnv1a(buf.p, buf.len));
}
