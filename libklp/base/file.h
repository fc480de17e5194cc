/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files and paths: bounded reads, writes that appear whole or not at all, private
 * directories. Sizes are bytes; paths are as the caller gives them, relative ones to the working
 * directory. Functions with an err fail with KLP_ETROUBLE for what the system refuses, KLP_EINPUT
 * for what is too large.
 */
#ifndef KLP_BASE_FILE_H
#define KLP_BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

/* No text input of ours comes near this; whatever is larger is refused by name. */
#define KLP_MAX_TEXT ((size_t)256 << 20)

/*
 * The whole file, NUL-terminated (the NUL not counted in *ret_len), in the arena. A file
 * larger than max, a directory, or a read error is an error naming the path.
 */
int klp_file_read(struct klp_arena *arena, const char *path, size_t max, char **ret_data,
		  size_t *ret_len, struct klp_error *err);

/* Standard input, with the same bounds. */
int klp_stdin_read(struct klp_arena *arena, size_t max, char **ret_data, size_t *ret_len,
		   struct klp_error *err);

/*
 * A file mapped read-only. Not NUL-terminated. data is NULL and len 0 for an empty file.
 * Release with klp_mapped_release(), or scope-exit by KLP_CLEANUP_MAPPED.
 */
struct klp_mapped {
	const char *data;
	size_t len;
};
int klp_mapped_open(const char *path, struct klp_mapped *ret, struct klp_error *err);
void klp_mapped_release(struct klp_mapped *mapped);
#define KLP_CLEANUP_MAPPED __attribute__((cleanup(klp_mapped_release)))

/*
 * For reading thousands of files one after the other: their bytes in a buffer that is used
 * again: with other threads running, to unmap each one costs more than to copy it. mtime is
 * that of before the reading. Not NUL-terminated.
 */
struct klp_filebuf {
	char *data;
	size_t len, cap;
	int64_t mtime;
};
int klp_filebuf_load(struct klp_filebuf *reader, const char *path, size_t max,
		     struct klp_error *err);
void klp_filebuf_release(struct klp_filebuf *reader);
#define KLP_CLEANUP_FILEBUF __attribute__((cleanup(klp_filebuf_release)))

/* Written beside path and renamed over it, so that nobody ever sees half of it. */
int klp_file_write(const char *path, const void *data, size_t len, struct klp_error *err);
/* Its content alone, written as by klp_file_write(). */
int klp_file_copy(const char *from, const char *to, struct klp_error *err);

/*
 * The error "can't WHAT 'PATH'" of errno as the last call left it; its hint says what to do about a
 * full disk, missing rights, a limit.
 */
int klp_file_trouble(struct klp_error *err, const char *path, const char *what);

bool klp_file_exists(const char *path);
bool klp_is_dir(const char *path);
/* Modification time in ns since the epoch; 0 when there is no such file. */
int64_t klp_file_mtime(const char *path);

/* mkdir -p. */
int klp_mkdirs(const char *path, struct klp_error *err);
/* A new directory BESIDE.??????, with the permissions that any new one gets. */
int klp_newdir(struct klp_arena *arena, const char *beside, char **ret_path, struct klp_error *err);
/*
 * For whoever cleans up behind a process that may be killed: before klp_newdir() makes a
 * directory, it makes NOTE a symbolic link to it. klp_newdir_done() takes the note back, when
 * the directory has got its own name, or is removed. Where the link can't be made the directory
 * is made without.
 */
void klp_newdir_noted_in(const char *note);
void klp_newdir_done(void);
/*
 * Removes what NOTE, a name in dirfd, says is unfinished, and NOTE. Nothing where there is none,
 * and where it names what klp_newdir() would not make, or another user's.
 */
void klp_newdir_remove_noted(int dirfd, const char *note);
/* A new directory under $TMPDIR (or /tmp), mode 0700. */
int klp_tmpdir_new(struct klp_arena *arena, char **ret_path, struct klp_error *err);
/* rm -rf that follows no symbolic link; errors are ignored (it cleans up). */
void klp_rmtree(const char *path);

/* A real, absolute path; the file must exist. */
int klp_realpath(struct klp_arena *arena, const char *path, char **ret, struct klp_error *err);
/* dir + "/" + name; name itself when it is absolute. */
char *klp_path_join(struct klp_arena *arena, const char *dir, const char *name);
/* "a/./b//c/../d" -> "a/b/d", by text alone. "" becomes ".". */
char *klp_path_clean(struct klp_arena *arena, const char *path);
/* The part behind the last '/'. */
const char *klp_path_base(const char *path);
/* The part before the last '/', "." when there is none. */
char *klp_path_dir(struct klp_arena *arena, const char *path);
/* The part of path below dir, or NULL when it isn't below it. By text alone. */
const char *klp_path_below(const char *path, const char *dir);
/*
 * True for a relative path that stays below where it starts: not empty, not absolute, no
 * ".." component, no control character. What untrusted input may name.
 */
bool klp_path_is_safe(const char *path);

/*
 * All regular files below dir whose name ends in suffix, as paths relative to dir, sorted.
 * Symbolic links are not followed. At most max files, else an error.
 */
int klp_find_files(struct klp_arena *arena, const char *dir, const char *suffix, size_t max,
		   struct klp_strs *ret, struct klp_error *err);

#endif
