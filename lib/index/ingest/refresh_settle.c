/* What a refresh remembers of the sources: those that were read, and of the
 * others what changed about them. */
#include <assert.h>

#include "index/ingest/refresh_impl.h"

static bool same_source(const struct kb_source *a, const struct kb_source *b)
{
	struct kb_source_entry x = a->entry, y = b->entry;

	x.path = y.path = 0;
	x.path_len = y.path_len = 0;
	return !memcmp(&x, &y, sizeof(x)) &&
	       a->state.ctime_ns == b->state.ctime_ns &&
	       a->state.name == b->state.name &&
	       a->state.flags == b->state.flags && kb_str_eq(a->said, b->said);
}

/* What is to be remembered of a source that was not read in this run. */
static struct kb_source unread(const struct refresh *r, size_t known,
			       struct kb_str path)
{
	unsigned why = kb_writer_contest(r->in->w, path);
	struct kb_source s = kb_sources_get(&r->old, known);

	if (why & KB_CONTEST_IDS)
		s.state.flags |= KB_STATE_CONTESTED;
	if (why & KB_CONTEST_LOST)
		s.state.flags |= KB_STATE_AGAIN;
	return s;
}

/* Of what was crawled; add: to the sources of the next generation. */
static void settle_file(struct refresh *r, size_t i, bool add)
{
	const struct file_plan *p = &r->files[i];
	struct kb_str path = kb_str_of(r->crawl->files[i].path);
	struct kb_source s, now;

	if (p->known == KB_REFRESH_NEW || p->fate == READ ||
	    p->fate == UNREADABLE)
		return;
	assert(p->fate != TO_READ);
	s = unread(r, p->known, path);
	if (p->fate == KEPT_MIXED)
		s.state.flags |= KB_STATE_AGAIN;
	if (p->fate == TOUCHED) {
		now = kb_refresh_describe(r, i);
		now.state.flags = s.state.flags;
		now.said = s.said;
		s = now;
	}
	now = kb_sources_get(&r->old, p->known);
	r->changed |= !same_source(&s, &now);
	if (add)
		kb_sources_out_add(&r->out, path, &s);
}

static void settle_elsewhere(struct refresh *r, size_t i, bool add)
{
	struct kb_str path = kb_sources_path(&r->old, i);
	struct kb_source before = kb_sources_get(&r->old, i);
	struct kb_source s = unread(r, i, path);

	if (r->eventful && s.state.flags & KB_STATE_CONTESTED)
		s.state.flags |= KB_STATE_AGAIN;
	r->changed |= !same_source(&s, &before);
	if (add)
		kb_sources_out_add(&r->out, path, &s);
}

static void settle_unread(struct refresh *r, bool add)
{
	for (size_t i = 0; i < r->crawl->n; i++)
		settle_file(r, i, add);
	for (size_t i = 0; i < r->old.n; i++)
		if (r->old_place[i] == ELSEWHERE)
			settle_elsewhere(r, i, add);
}

/* Those that were read: first in r->out, in the order of their paths. */
static void settle_read(struct refresh *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->crawl->n; i++) {
		struct kb_str path = kb_str_of(r->crawl->files[i].path);
		struct kb_source now, before;

		r->changed |= r->files[i].fate == UNREADABLE &&
			      r->files[i].known != KB_REFRESH_NEW;
		if (r->files[i].fate != READ)
			continue;
		if (kb_writer_contest(r->in->w, path) & KB_CONTEST_IDS)
			r->out.states[n].flags |= KB_STATE_CONTESTED;
		now = (struct kb_source){.entry = r->out.entries[n],
					 .state = r->out.states[n]};
		if (now.state.said_len)
			now.said =
			    (struct kb_str){r->out.said.ptr + now.state.said,
					    now.state.said_len};
		before = kb_refresh_known(r, i);
		r->changed |= r->files[i].known == KB_REFRESH_NEW ||
			      !same_source(&now, &before);
		n++;
	}
	assert(n == r->out.n);
}

int kb_refresh_settle(struct refresh *r, struct kb_err *err)
{
	r->changed |= r->old.n && !r->old.states;
	settle_read(r);
	settle_unread(r, false);
	if (!r->changed)
		return 0;
	settle_unread(r, true);
	return kb_sources_out_write(&r->out, r->in->w, err);
}

/* Files that a stream took a document from are read by the next run, and, if
 * it changed anything, those whose documents depend on others. With --sync
 * none of their documents is left. */
int kb_refresh_after_stream(struct ingest *in, struct kb_err *err)
{
	const struct kb_writer_stats *stats = kb_writer_stats(in->w);
	struct refresh r = {.in = in};
	int rc = kb_sources_open(&r.old, in->w, err);

	if (rc < 0)
		return rc;
	r.eventful = stats->added || stats->deleted;
	kb_sources_out_init(&r.out);
	for (size_t i = 0; i < r.old.n && !in->opt->sync; i++)
		settle_elsewhere(&r, i, true);
	r.changed |= in->opt->sync && r.old.n;
	r.changed |= kb_sources_restored_add(&in->restored, &r.old, &r.out);
	if (r.changed)
		rc = kb_sources_out_write(&r.out, in->w, err);
	kb_sources_out_release(&r.out);
	return rc;
}
