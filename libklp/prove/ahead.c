// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the proof is sure to ask of the compiler, begun while closure and extract are at work. It is
 * only begun: whoever judges finds it done, or does it himself.
 */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "prove/private.h"

struct begun {
	struct klp_prove_task task;
	struct klp_prove_subject subject;    /* its own: the real one isn't there yet */
	struct klp_plan_source source, unit; /* unit: no text but itself */
	enum { WAITING, RUNS, DONE, GONE } state;
};

struct klp_prove_ahead {
	struct klp_prove_opts opts;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t changed;
	KLP_VEC(, struct begun *) all; /* in the order in which they are begun */
	bool end;
	pthread_t threads[8];
	unsigned int nthreads;
	struct klp_arena *arena; /* its own, until the end */
	struct klp_arena *owner;
};

static struct begun *next_waiting(const struct klp_prove_ahead *a)
{
	for (size_t i = 0; i < a->all.n; i++)
		if (a->all.v[i]->state == WAITING)
			return a->all.v[i];
	return NULL;
}

static void settle(struct klp_prove_ahead *a, struct begun *b, int state)
{
	b->state = state;
	pthread_cond_broadcast(&a->changed);
}

static void *worker(void *arg)
{
	struct klp_prove_ahead *a = arg;

	pthread_mutex_lock(&a->lock);
	while (!a->end) {
		struct begun *b = next_waiting(a);

		if (!b) {
			pthread_cond_wait(&a->changed, &a->lock);
			continue;
		}
		settle(a, b, RUNS);
		pthread_mutex_unlock(&a->lock);
		klp_prove__run(&b->task);
		pthread_mutex_lock(&a->lock);
		settle(a, b, DONE);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

struct klp_prove_ahead *klp_prove_ahead_new(struct klp_arena *arena,
					    const struct klp_prove_opts *opts)
{
	struct klp_prove_ahead *a = klp_new(arena, struct klp_prove_ahead);
	unsigned int max = sizeof(a->threads) / sizeof(*a->threads);

	a->opts = *opts;
	a->arena = klp_arena_new();
	a->owner = arena;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	/* one core works for whoever calls */
	while (a->nthreads + 1 < opts->jobs && a->nthreads < max &&
	       !pthread_create(&a->threads[a->nthreads], NULL, worker, a))
		a->nthreads++;
	return a;
}

/* Under the lock. A unit has one object, whoever asks for it. */
static bool is_begun(const struct klp_prove_ahead *a, const struct klp_unit *unit)
{
	for (size_t i = 0; i < a->all.n; i++)
		if (a->all.v[i]->task.kind == KLP_PROVE_UNIT_ALONE &&
		    a->all.v[i]->source.unit == unit)
			return true;
	return false;
}

static void begin(struct klp_prove_ahead *a, enum klp_prove_kind kind,
		  const struct klp_plan_source *source)
{
	struct begun *b;

	pthread_mutex_lock(&a->lock);
	if (kind == KLP_PROVE_UNIT_ALONE && is_begun(a, source->unit)) {
		pthread_mutex_unlock(&a->lock);
		return;
	}
	b = klp_new(a->arena, struct begun);
	b->source = *source;
	b->unit = (struct klp_plan_source){ .unit = source->unit, .path = "" };
	b->subject.unpatched = &b->source;
	if (kind == KLP_PROVE_SHIPPED_TOKENS) {
		b->subject.shipped = &b->source;
		b->subject.unpatched = &b->unit;
	}
	b->task = (struct klp_prove_task){ &b->subject, kind, &a->opts, klp_arena_new() };
	klp_vec_push(a->arena, &a->all, b);
	settle(a, b, WAITING);
	pthread_mutex_unlock(&a->lock);
}

/* A text is written anew: what was made of the old one is nothing any more. */
static void forget(struct klp_prove_ahead *a, const char *path)
{
	pthread_mutex_lock(&a->lock);
	for (size_t i = 0; i < a->all.n; i++) {
		struct begun *b = a->all.v[i];

		if (!b->source.path || strcmp(b->source.path, path) != 0)
			continue;
		while (b->state == RUNS)
			pthread_cond_wait(&a->changed, &a->lock);
		settle(a, b, GONE);
	}
	unlink(klp_prove__alone_path(a->arena, path));
	pthread_mutex_unlock(&a->lock);
}

void klp_prove_ahead_unit(struct klp_prove_ahead *ahead, struct klp_unit *unit)
{
	if (ahead->nthreads)
		begin(ahead, KLP_PROVE_UNIT_ALONE, &(struct klp_plan_source){ .unit = unit });
}

void klp_prove_ahead_shipped(struct klp_prove_ahead *ahead, const struct klp_plan_source *source)
{
	forget(ahead, source->path);
	if (ahead->nthreads)
		begin(ahead, KLP_PROVE_SHIPPED_TOKENS, source);
}

void klp_prove_ahead_text(struct klp_prove_ahead *ahead, const struct klp_plan_source *source)
{
	forget(ahead, source->path);
	if (ahead->nthreads)
		begin(ahead, KLP_PROVE_TEXT_TOKENS, source);
}

void klp_prove_ahead_alone(struct klp_prove_ahead *ahead, const struct klp_plan_source *source)
{
	if (ahead->nthreads)
		begin(ahead, KLP_PROVE_TEXT_ALONE, source);
}

static bool is_of(const struct begun *b, const struct klp_prove_task *task)
{
	const struct klp_prove_subject *s = task->subject;
	const struct klp_plan_source *source =
		task->kind == KLP_PROVE_SHIPPED_TOKENS ? s->shipped : s->unpatched;

	if (b->state == GONE || b->task.kind != task->kind || !source ||
	    b->source.unit != source->unit)
		return false;
	return task->kind == KLP_PROVE_UNIT_ALONE || !strcmp(b->source.path, source->path);
}

bool klp_prove__take(struct klp_prove_ahead *ahead, struct klp_prove_task *task)
{
	const struct klp_prove_subject *from = NULL;
	struct klp_prove_subject *to = task->subject;

	pthread_mutex_lock(&ahead->lock);
	for (size_t i = 0; i < ahead->all.n && !from; i++) {
		struct begun *b = ahead->all.v[i];

		if (!is_of(b, task))
			continue;
		if (b->state == WAITING)
			settle(ahead, b, GONE);
		while (b->state == RUNS)
			pthread_cond_wait(&ahead->changed, &ahead->lock);
		/* what went wrong is told as if it had not been begun */
		if (b->state == DONE && !b->task.err.code && !b->task.trouble)
			from = &b->subject;
	}
	pthread_mutex_unlock(&ahead->lock);
	if (!from)
		return false;
	if (from->alone)
		to->alone = from->alone;
	if (from->unit_alone)
		to->unit_alone = from->unit_alone;
	if (task->kind == KLP_PROVE_TEXT_TOKENS)
		to->toks = from->toks;
	if (task->kind == KLP_PROVE_SHIPPED_TOKENS)
		to->shipped_toks = from->shipped_toks;
	return true;
}

void klp_prove_ahead_end(struct klp_prove_ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	ahead->end = true;
	pthread_cond_broadcast(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
	while (ahead->nthreads)
		pthread_join(ahead->threads[--ahead->nthreads], NULL);
	for (size_t i = 0; i < ahead->all.n; i++)
		klp_arena_adopt(ahead->owner, ahead->all.v[i]->task.arena);
	pthread_cond_destroy(&ahead->changed);
	pthread_mutex_destroy(&ahead->lock);
	klp_arena_adopt(ahead->owner, ahead->arena);
}
