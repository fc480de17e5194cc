// SPDX-License-Identifier: GPL-2.0-or-later
/* Files: read and written. dir.c and path.c have the rest of file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* What to do about an errno; a caller that knows better sets its hint first. */
static const char *advice(int e)
{
	switch (e) {
	case ENOSPC:
	case EDQUOT:
		return "make room there; temporary files go to TMPDIR, the result to --output";
	case EFBIG:
		return "the limit for the size of a file is too low: see `ulimit -f`";
	case EROFS:
	case EACCES:
	case EPERM:
		return "give the user the right to, or choose another place";
	case EMFILE:
	case ENFILE:
		return "the limit for open files is too low: see `ulimit -n`";
	case ENAMETOOLONG:
		return "choose a shorter path";
	case ENOMEM:
		return "the machine has no memory left for this";
	case EIO:
		return "the disk or the file system fails: see the kernel's log";
	default:
		return NULL; /* who asked for the file knows where it should come from */
	}
}

int klp_file_trouble(struct klp_error *err, const char *path, const char *what)
{
	int e = errno;

	klp_error_set(err, KLP_ETROUBLE, "can't %s '%s': %s", what, path, strerror(e));
	klp_error_at(err, path, 0, 0);
	return advice(e) ? klp_error_hint(err, "%s", advice(e)) : err->code;
}

static int too_large(struct klp_error *err, const char *path, size_t max)
{
	klp_error_set(err, KLP_EINPUT, "'%s' is larger than %zu bytes", path, max);
	klp_error_at(err, path, 0, 0);
	return klp_error_hint(err, "no such file is so large: is it the right one?");
}

static int not_regular(struct klp_error *err, const char *path)
{
	klp_error_set(err, KLP_ETROUBLE, "'%s' is not a regular file", path);
	klp_error_at(err, path, 0, 0);
	return klp_error_hint(err, "give a file, not a directory or a device");
}

/*
 * Doesn't wait for somebody to write to a FIFO: one without a writer is empty. From one that has a
 * writer (bash's <(...)) all is read.
 */
static int open_input(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0)
		fcntl(fd, F_SETFL, 0);
	return fd;
}

/* Reads fd to its end; hint is how large it probably is. */
static int read_fd(struct klp_arena *arena, int fd, const char *name, size_t hint, size_t max,
		   char **ret_data, size_t *ret_len, struct klp_error *err)
{
	size_t cap = hint + 1, len = 0;
	char *data = klp_alloc(arena, cap);

	for (;;) {
		ssize_t n;

		if (len + 1 >= cap) {
			char *grown = klp_alloc(arena, cap * 2 + 4096);

			memcpy(grown, data, len);
			data = grown;
			cap = cap * 2 + 4096;
		}
		n = read(fd, data + len, cap - len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return klp_file_trouble(err, name, "read");
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max)
			return too_large(err, name, max);
	}
	data[len] = '\0';
	*ret_data = data;
	*ret_len = len;
	return 0;
}

int klp_file_read(struct klp_arena *arena, const char *path, size_t max, char **ret_data,
		  size_t *ret_len, struct klp_error *err)
{
	struct stat st;
	int fd, rc;

	fd = open_input(path);
	if (fd < 0)
		return klp_file_trouble(err, path, "read");
	if (fstat(fd, &st) < 0) {
		rc = klp_file_trouble(err, path, "read");
	} else if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max) {
		rc = too_large(err, path, max);
	} else {
		size_t hint = S_ISREG(st.st_mode) ? (size_t)st.st_size + 1 : 4096;

		rc = read_fd(arena, fd, path, hint, max, ret_data, ret_len, err);
	}
	close(fd);
	return rc;
}

int klp_stdin_read(struct klp_arena *arena, size_t max, char **ret_data, size_t *ret_len,
		   struct klp_error *err)
{
	return read_fd(arena, STDIN_FILENO, "-", 65536, max, ret_data, ret_len, err);
}

int klp_mapped_open(const char *path, struct klp_mapped *ret, struct klp_error *err)
{
	struct klp_mapped mapped = {};
	struct stat st;
	void *p;
	int fd;

	fd = open_input(path);
	if (fd < 0)
		return klp_file_trouble(err, path, "read");
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return not_regular(err, path);
	}
	if (st.st_size) {
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (p == MAP_FAILED) {
			close(fd);
			return klp_file_trouble(err, path, "map");
		}
		mapped.data = p;
		mapped.len = (size_t)st.st_size;
	}
	close(fd);
	*ret = mapped;
	return 0;
}

void klp_mapped_release(struct klp_mapped *mapped)
{
	if (mapped->data)
		munmap((void *)(uintptr_t)mapped->data, mapped->len);
	*mapped = (struct klp_mapped){};
}

static int64_t mtime_of(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static int reader_fill(struct klp_filebuf *reader, int fd, const char *path, size_t max,
		       struct klp_error *err)
{
	struct stat st;

	reader->len = 0;
	if (fstat(fd, &st) < 0)
		return klp_file_trouble(err, path, "read");
	if (!S_ISREG(st.st_mode))
		return not_regular(err, path);
	if ((uintmax_t)st.st_size > max)
		return too_large(err, path, max);
	reader->mtime = mtime_of(&st);
	if (reader->cap < (size_t)st.st_size) {
		size_t cap = (size_t)st.st_size + (size_t)st.st_size / 2;
		char *grown = realloc(reader->data, cap);

		if (!grown) {
			errno = ENOMEM;
			return klp_file_trouble(err, path, "read");
		}
		reader->data = grown;
		reader->cap = cap;
	}
	while (reader->len < (size_t)st.st_size) {
		ssize_t n = read(fd, reader->data + reader->len, (size_t)st.st_size - reader->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return klp_file_trouble(err, path, "read");
		if (!n)
			break;
		reader->len += (size_t)n;
	}
	return 0;
}

int klp_filebuf_load(struct klp_filebuf *reader, const char *path, size_t max,
		     struct klp_error *err)
{
	int fd = open_input(path), rc;

	if (fd < 0)
		return klp_file_trouble(err, path, "read");
	rc = reader_fill(reader, fd, path, max, err);
	close(fd);
	return rc;
}

void klp_filebuf_release(struct klp_filebuf *reader)
{
	free(reader->data);
	*reader = (struct klp_filebuf){};
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";

/*
 * As mkostemp() and mkdtemp() do, but with the permissions that anything new gets: these are for
 * keeps. (The umask can't be asked for without setting it, which other threads would notice.)
 */
static int new_name(char *path, int (*create)(const char *path))
{
	char *end = path + strlen(path) - 6;
	unsigned char random[6];
	int fd;

	for (int tries = 0; tries < 100; tries++) {
		if (getrandom(random, sizeof(random), 0) != sizeof(random))
			return -1;
		for (size_t i = 0; i < sizeof(random); i++)
			end[i] = letters[random[i] % (sizeof(letters) - 1)];
		fd = create(path);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static int create_file(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

/* "" for none. Of the process, as its temporary directory is. */
static char unfinished_note[PATH_MAX];

void klp_newdir_noted_in(const char *note)
{
	snprintf(unfinished_note, sizeof(unfinished_note), "%s", note);
}

void klp_newdir_done(void)
{
	if (unfinished_note[0])
		unlink(unfinished_note);
}

/* One that klp_newdir() can have made. */
static bool is_new_dir(const char *path)
{
	size_t len = strlen(path);
	struct stat st;

	return path[0] == '/' && len > 7 && path[len - 7] == '.' &&
	       strspn(path + len - 6, letters) == 6 && lstat(path, &st) == 0 &&
	       S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

void klp_newdir_remove_noted(int dirfd, const char *note)
{
	char path[PATH_MAX];
	ssize_t len = readlinkat(dirfd, note, path, sizeof(path) - 1);

	if (len <= 0)
		return;
	path[len] = '\0';
	if (is_new_dir(path))
		klp_rmtree(path);
	unlinkat(dirfd, note, 0);
}

/* Whoever reads it may be elsewhere: it names an absolute path. */
static void note_unfinished(const char *path)
{
	char absolute[PATH_MAX], cwd[PATH_MAX] = "";
	size_t len;

	klp_newdir_done();
	if (!unfinished_note[0] || (path[0] != '/' && !getcwd(cwd, sizeof(cwd))))
		return;
	len = (size_t)snprintf(absolute, sizeof(absolute), "%s%s%s", cwd, cwd[0] ? "/" : "", path);
	if (len >= sizeof(absolute) || symlink(absolute, unfinished_note) < 0)
		unfinished_note[0] = '\0'; /* the run goes on without */
}

static int create_dir(const char *path)
{
	int rc;

	note_unfinished(path);
	rc = mkdir(path, 0777);
	if (rc < 0)
		klp_newdir_done();
	return rc;
}

int klp_newdir(struct klp_arena *arena, const char *beside, char **ret_path, struct klp_error *err)
{
	char *path = klp_sprintf(arena, "%s.XXXXXX", beside);

	if (new_name(path, create_dir) < 0)
		return klp_file_trouble(err, beside, "write");
	*ret_path = path;
	return 0;
}

int klp_file_write(const char *path, const void *data, size_t len, struct klp_error *err)
{
	char tmp[PATH_MAX];
	int fd;

	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path) >= sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return klp_file_trouble(err, path, "write");
	}
	fd = new_name(tmp, create_file);
	if (fd < 0)
		return klp_file_trouble(err, path, "write");
	if (write_all(fd, data, len) < 0 || close(fd) < 0 || rename(tmp, path) < 0) {
		klp_file_trouble(err, path, "write");
		unlink(tmp);
		return err->code;
	}
	return 0;
}

int klp_file_copy(const char *from, const char *to, struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped mapped = {};

	if (klp_mapped_open(from, &mapped, err) < 0)
		return err->code;
	return klp_file_write(to, mapped.data ? mapped.data : "", mapped.len, err);
}

bool klp_file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool klp_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int64_t klp_file_mtime(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return 0;
	return mtime_of(&st);
}
