/* What a refresh remembers of the sources: those that were read, and of the
 * others what changed about them. */
#include <assert.h>

#include "index/ingest/refresh_impl.h"

static bool same_source(const struct kb_source *a, const struct kb_source *b)
{
	struct kb_source_entry x = a->entry, y = b->entry;
	struct kb_source_state v = a->state, w = b->state;

	x.path = y.path = v.said = w.said = 0;
	x.path_len = y.path_len = v.said_len = w.said_len = 0;
	return !memcmp(&x, &y, sizeof(x)) && !memcmp(&v, &w, sizeof(v)) &&
	       kb_str_eq(a->said, b->said);
}

/* What a contest leaves to remember of a source that was not read. */
static uint32_t marks(const struct refresh *r, struct kb_str path)
{
	unsigned why = kb_writer_contest(r->in->w, path);

	return (why & KB_CONTEST_IDS ? KB_STATE_CONTESTED : 0) |
	       (why & KB_CONTEST_LOST ? KB_STATE_AGAIN : 0);
}

/* Of what was crawled and not read; add: to the sources of the next
 * generation. */
static void settle_file(struct refresh *r, size_t i, bool add)
{
	const struct file_plan *p = &r->files[i];
	struct kb_str path = kb_str_of(r->crawl->files[i].path);
	struct kb_source s, now;
	uint32_t more;

	assert(p->fate != TO_READ && p->fate != READ);
	if (p->known == KB_REFRESH_NEW || p->fate == UNREADABLE) {
		r->changed |= p->known != KB_REFRESH_NEW;
		return;
	}
	more = marks(r, path);
	if (p->fate == KEPT_MIXED)
		more |= KB_STATE_AGAIN;
	if (!add && p->fate != TOUCHED) {
		r->changed |=
		    more & ~kb_sources_state(&r->old, p->known)->flags;
		return;
	}
	s = kb_sources_get(&r->old, p->known);
	now = s;
	if (p->fate == TOUCHED) {
		now = kb_refresh_describe(r, i);
		now.state.flags = s.state.flags;
		now.said = s.said;
	}
	now.state.flags |= more;
	if (add)
		kb_sources_out_add(&r->out, path, &now);
	else
		r->changed |= !same_source(&s, &now);
}

static void settle_elsewhere(struct refresh *r, size_t i, bool add)
{
	struct kb_str path = kb_sources_path(&r->old, i);
	struct kb_source s = kb_sources_get(&r->old, i);
	uint32_t before = s.state.flags;

	s.state.flags |= marks(r, path);
	if (r->eventful && s.state.flags & KB_STATE_CONTESTED)
		s.state.flags |= KB_STATE_AGAIN;
	r->changed |= s.state.flags != before;
	if (add)
		kb_sources_out_add(&r->out, path, &s);
}

/* The one that was read as number n. */
static struct kb_source was_read(const struct refresh *r, size_t n)
{
	const struct kb_sources_out *read = &r->read;
	struct kb_source s = {.entry = read->entries[n],
			      .state = read->states[n]};

	assert(n < read->n);
	if (s.state.said_len)
		s.said = (struct kb_str){read->said.ptr + s.state.said,
					 s.state.said_len};
	return s;
}

/* Which marks it bears, and whether that is what was remembered. */
static void settle_read(struct refresh *r, size_t i, size_t n)
{
	size_t known = r->files[i].known;
	struct kb_source now, old;

	if (kb_writer_contest(r->in->w, kb_str_of(r->crawl->files[i].path)) &
	    KB_CONTEST_IDS)
		r->read.states[n].flags |= KB_STATE_CONTESTED;
	if (r->changed || known == KB_REFRESH_NEW) {
		r->changed = true;
		return;
	}
	now = was_read(r, n);
	old = kb_sources_get(&r->old, known);
	r->changed = !same_source(&now, &old);
}

/* First to see whether there is anything to remember, then to do so. */
static void settle_all(struct refresh *r, bool add)
{
	size_t n = 0;

	for (size_t i = 0; i < r->crawl->n; i++) {
		if (r->files[i].fate != READ) {
			settle_file(r, i, add);
		} else if (add) {
			struct kb_source s = was_read(r, n++);

			kb_sources_out_add(
			    &r->out, kb_str_of(r->crawl->files[i].path), &s);
		} else {
			settle_read(r, i, n++);
		}
	}
	assert(n == r->read.n);
	for (size_t i = 0; i < r->old.n; i++)
		if (r->old_place[i] == ELSEWHERE)
			settle_elsewhere(r, i, add);
}

int kb_refresh_settle(struct refresh *r, struct kb_err *err)
{
	r->changed |= r->old.n && !r->old.states;
	settle_all(r, false);
	if (!r->changed)
		return 0;
	settle_all(r, true);
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
