/*
 * A refresh: which files are read, and what is remembered of them.
 *
 * Files are read in the order of their paths, as in a new build, but only
 * those that changed, and those whose documents depend on others that did:
 * which wanted an id that another one holds, which remove by id, and which
 * lost a document so. What was said of a file that is not read is said again.
 * A file that can no longer be read keeps its documents.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/stream.h"
#include "index/ingest/refresh_impl.h"

/* A file whose content changed within this time before the run may change
 * again without its time telling: the coarsest granularity of a file system
 * in use, and of times that the kernel sets where they are fine. */
#define RACY_NS	     INT64_C(2000000000)
#define RACY_FINE_NS INT64_C(50000000)
#define SECOND_NS    INT64_C(1000000000)

/* What is said of one file is remembered up to this; beyond, it is read again
 * by every run. */
#define SAID_MAX ((size_t)64 << 10)

static uint64_t hash_of_name(const char *name)
{
	return kb_xxh64(name, strlen(name), 0) | 1;
}

/* ---- comparing ---- */

static bool same_stat(const struct kb_source_entry *e,
		      const struct kb_crawl_file *f)
{
	return !(e->flags & KB_SOURCE_RACY) && e->dev == f->dev &&
	       e->ino == f->ino && e->size == f->size &&
	       e->mtime_ns == f->mtime_ns;
}

static bool is_racy(const struct ingest *in, const struct kb_crawl_file *f)
{
	bool fine = f->ctime_ns % SECOND_NS != 0;

	return f->mtime_ns >= in->start_ns - RACY_NS ||
	       f->ctime_ns >= in->start_ns - (fine ? RACY_FINE_NS : RACY_NS);
}

static bool same_name(const struct kb_source_state *state,
		      const struct kb_crawl_file *f)
{
	return !state->name || state->name == hash_of_name(f->name);
}

static bool same_options(const struct refresh *r,
			 const struct kb_source_entry *e,
			 const struct kb_crawl_file *f)
{
	return (e->flags & KB_SOURCE_OPTIONS) == r->options[f->root];
}

static bool same_content(const struct kb_source_entry *e,
			 const struct kb_crawl_file *f, struct kb_hash128 hash)
{
	return e->size == f->size && e->hash == hash.low &&
	       e->hash_high == hash.high;
}

/* Of a file that is known. */
static const struct kb_source_state *state_of(const struct refresh *r, size_t i)
{
	return kb_sources_state(&r->old, r->files[i].known);
}

struct kb_source kb_refresh_describe(const struct refresh *r, size_t i)
{
	const struct kb_crawl_file *f = &r->crawl->files[i];
	struct kb_hash128 hash = r->files[i].hash;

	return (struct kb_source){
	    .entry = {.dev = f->dev,
		      .ino = f->ino,
		      .size = f->size,
		      .mtime_ns = f->mtime_ns,
		      .hash = hash.low,
		      .hash_high = hash.high,
		      .flags = r->options[f->root] |
			       (is_racy(r->in, f) ? KB_SOURCE_RACY : 0)},
	    .state = {.ctime_ns = f->ctime_ns,
		      .name = hash_of_name(f->name),
		      .root = r->roots[f->root]},
	};
}

static void plan_reading(struct refresh *r, size_t i, enum kb_renew how)
{
	const struct kb_crawl_file *f = &r->crawl->files[i];

	r->files[i].fate = TO_READ;
	r->eventful = true;
	r->in->to_read += f->size;
	kb_writer_renew_source(r->in->w, kb_str_of(f->path), how);
}

static void say_unreadable(struct refresh *r, size_t i)
{
	const struct kb_crawl_file *f = &r->crawl->files[i];
	bool known = r->files[i].known != KB_REFRESH_NEW;
	struct kb_err err;
	struct kb_buf line;

	kb_err_sys(&err, "cannot read '%s'", f->name);
	kb_buf_init(&line, 0);
	kb_buf_printf(&line, "%s%s", err.msg,
		      known ? "; its documents stay as they were" : "");
	kb_ingest_problem(r->in, line.ptr);
	kb_buf_release(&line);
	r->files[i].fate = known ? KEPT : UNREADABLE;
}

/* Decide for one file that is known whether it is to be read. */
static void compare(struct refresh *r, size_t i)
{
	const struct kb_crawl_file *f = &r->crawl->files[i];
	struct file_plan *p = &r->files[i];
	const struct kb_source_entry *e = &r->old.entries[p->known];
	const struct kb_source_state *state = state_of(r, i);
	bool as_before, same;

	as_before = same_options(r, e, f) && same_name(state, f) &&
		    !(state->flags & KB_STATE_AGAIN);
	same = same_stat(e, f) &&
	       (!r->old.states || state->ctime_ns == f->ctime_ns);
	p->hash = (struct kb_hash128){.low = e->hash, .high = e->hash_high};
	if (same && as_before)
		return;
	if (!same && kb_content_hash_file(f->path, kb_ingest_shape(r->in).seed,
					  &p->hash) < 0) {
		say_unreadable(r, i);
		return;
	}
	same = same_content(e, f, p->hash);
	if (same && as_before)
		p->fate = TOUCHED;
	else
		plan_reading(r, i,
			     same && same_options(r, e, f) ? KB_RENEW_MEANT
							   : KB_RENEW);
}

static void take_new(struct refresh *r, size_t i)
{
	const struct kb_crawl_file *f = &r->crawl->files[i];
	struct file_plan *p = &r->files[i];

	p->known = KB_REFRESH_NEW;
	if (kb_content_hash_file(f->path, kb_ingest_shape(r->in).seed,
				 &p->hash) < 0)
		say_unreadable(r, i);
	else
		plan_reading(r, i, KB_RENEW);
}

static void compare_all(struct refresh *r)
{
	size_t at = 0;

	for (size_t i = 0; i < r->crawl->n; i++) {
		struct kb_str path = kb_str_of(r->crawl->files[i].path);
		const struct kb_source_entry *e =
		    kb_sources_find(&r->old, path, &at);

		if (!e) {
			take_new(r, i);
			continue;
		}
		r->files[i].known = (size_t)(e - r->old.entries);
		r->old_place[r->files[i].known] = CRAWLED;
		compare(r, i);
	}
}

/* ---- sources that were not found ---- */

static bool is_under(struct kb_str path, const char *root)
{
	size_t len = strlen(root);

	if (path.len < len || memcmp(path.ptr, root, len))
		return false;
	return path.len == len || path.ptr[len] == '/' ||
	       (len && root[len - 1] == '/');
}

/* The root that it is one of, by its path, or by the path by which it was
 * found, which may lead elsewhere now: a link that was turned. One that is
 * held only where there is no other; n_roots: none. */
static size_t find_root(const struct refresh *r, size_t i)
{
	struct kb_str path = kb_sources_path(&r->old, i);
	uint64_t root = kb_sources_state(&r->old, i)->root;
	size_t found = r->crawl->n_roots;

	for (size_t k = 0; k < r->crawl->n_roots; k++) {
		if (root != r->roots[k] && !is_under(path, r->crawl->roots[k]))
			continue;
		if (!r->held[k])
			return k;
		found = k;
	}
	return found;
}

static void say_held(struct refresh *r, const uint64_t *files)
{
	for (size_t k = 0; k < r->crawl->n_roots; k++) {
		const char *given = r->crawl->given[k];
		char quote[KB_QUOTE_MAX];
		struct kb_buf line;

		if (!files[k])
			continue;
		kb_buf_init(&line, 0);
		kb_buf_printf(&line,
			      "'%s' is empty; what was read from it, files: "
			      "%llu, stays as it was (is it mounted? "
			      "--allow-delete removes it)",
			      kb_err_quote(quote, given, strlen(given)),
			      (unsigned long long)files[k]);
		kb_ingest_problem(r->in, line.ptr);
		kb_buf_release(&line);
	}
}

static void plan_gone(struct refresh *r, size_t i, bool meant)
{
	r->old_place[i] = GONE;
	r->eventful = r->changed = true;
	r->in->stats->files_removed++;
	kb_writer_renew_source(r->in->w, kb_sources_path(&r->old, i),
			       meant ? KB_RENEW_MEANT : KB_RENEW);
}

/* Vanished, or not asked for. A crawl with a directory that could not be read
 * removes nothing, and no more does a remembered one that is empty. */
static void find_gone(struct refresh *r)
{
	size_t none = r->crawl->n_roots;
	uint64_t *held = kb_calloc(none + 1, sizeof(*held));

	for (size_t i = 0; i < r->old.n && !r->crawl->n_problems; i++) {
		size_t root;

		if (r->old_place[i] == CRAWLED)
			continue;
		root = find_root(r, i);
		if (root == none ? !r->in->opt->sync : r->held[root])
			held[root]++;
		else
			plan_gone(r, i,
				  root != none && r->from[root]->forgotten);
	}
	say_held(r, held);
	free(held);
}

/* ---- reading ---- */

static void plan_contested(struct refresh *r)
{
	if (!r->eventful || !r->old.states)
		return;
	for (size_t i = 0; i < r->crawl->n; i++)
		if (r->files[i].fate <= TOUCHED &&
		    state_of(r, i)->flags & KB_STATE_CONTESTED)
			plan_reading(r, i, KB_RENEW_MEANT);
}

static int by_path(const void *path, const void *file)
{
	return strcmp(path, ((const struct kb_crawl_file *)file)->path);
}

/* Sources behind file i that lost a document to it are read in their turn. */
static void plan_displaced(struct refresh *r, size_t i)
{
	const struct kb_crawl *crawl = r->crawl;
	const struct kb_crawl_file *f;
	const char *path;

	while ((path = kb_writer_displaced(r->in->w))) {
		f = bsearch(path, crawl->files, crawl->n, sizeof(*f), by_path);
		if (f) {
			size_t at = (size_t)(f - crawl->files);

			assert(at > i);
			if (r->files[at].fate <= TOUCHED)
				plan_reading(r, at, KB_RENEW_MEANT);
		} else {
			char quote[KB_QUOTE_MAX], to[KB_QUOTE_MAX];
			struct kb_buf line;

			kb_buf_init(&line, 0);
			kb_buf_printf(
			    &line,
			    "'%s' loses a document to one with its "
			    "id in '%s', and was not given; it is "
			    "read again when it is",
			    kb_err_quote(quote, path, strlen(path)),
			    kb_err_quote(to, crawl->files[i].name,
					 strlen(crawl->files[i].name)));
			kb_ingest_problem(r->in, line.ptr);
			kb_buf_release(&line);
		}
	}
}

/* Can a packed file be unpacked to its end? Others can be read as long as the
 * system reads them. */
static int check_packed(const struct kb_crawl_file *f, struct kb_err *err)
{
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;
	struct kb_stream stream;
	char buf[1 << 16];
	size_t n;

	if (fd < 0)
		return kb_err_sys(err, "cannot open '%s'", f->name);
	kb_stream_init(&stream, fd, f->name);
	do {
		rc = kb_stream_read(&stream, buf, sizeof(buf), &n, err);
	} while (rc == KB_ECLOSED || (rc == 0 && n && stream.codec));
	kb_stream_release(&stream);
	close(fd);
	return rc;
}

static bool cannot_be_read(int rc)
{
	return rc == KB_EFORMAT || rc == KB_ELIMIT || rc == KB_EINVAL ||
	       rc == KB_ETIMEOUT;
}

/* Something that reads it is not installed: the next run looks again. Said
 * once, of all such files. */
static void leave_unread(struct refresh *r, size_t i, const char *why)
{
	bool known = r->files[i].known != KB_REFRESH_NEW;

	if (known)
		kb_writer_renew_source(
		    r->in->w, kb_str_of(r->crawl->files[i].path), KB_RENEW_NOT);
	r->files[i].fate = known ? KEPT : UNREADABLE;
	kb_refresh_missing_add(&r->missing, why, r->crawl->files[i].name);
}

/* The documents of the last version that was read stay. */
static void keep_last(struct refresh *r, size_t i, const char *why)
{
	struct kb_str path = kb_str_of(r->crawl->files[i].path);
	struct kb_buf line;

	kb_writer_renew_source(r->in->w, path, KB_RENEW_NOT);
	r->files[i].fate = r->in->n_put ? KEPT_MIXED : KEPT;
	kb_buf_init(&line, 0);
	kb_buf_printf(&line, "%s; its documents stay%s", why,
		      r->in->n_put ? " beside what was read" : " as they were");
	kb_ingest_problem(r->in, line.ptr);
	kb_buf_release(&line);
}

static void remember(struct refresh *r, size_t i, bool whole)
{
	struct kb_source now = kb_refresh_describe(r, i);

	if (!whole)
		now.state.flags |= KB_STATE_PARTIAL;
	if (r->said.len > SAID_MAX)
		now.state.flags |= KB_STATE_AGAIN;
	else
		now.said = kb_buf_str(&r->said);
	kb_sources_out_add(&r->read, kb_str_of(r->crawl->files[i].path), &now);
	r->files[i].fate = READ;
}

/* It is time to commit: a file that was begun, or was not, is read by the next
 * run. What the index has of it stays. */
static void leave(struct refresh *r, size_t i)
{
	r->in->stats->left = true;
	if (r->files[i].known == KB_REFRESH_NEW) {
		r->files[i].fate = UNREADABLE;
		return;
	}
	kb_writer_renew_source(r->in->w, kb_str_of(r->crawl->files[i].path),
			       KB_RENEW_NOT);
	r->files[i].fate = KEPT_MIXED;
}

static void leave_rest(struct refresh *r, size_t i, bool good)
{
	if (good) {
		leave(r, i);
		return;
	}
	r->in->stats->left = true;
	remember(r, i, false);
	r->read.states[r->read.n - 1].flags |= KB_STATE_AGAIN;
}

/* Read one file. */
static int read_file(struct refresh *r, size_t i, struct kb_err *err)
{
	const struct kb_crawl_file *f = &r->crawl->files[i];
	bool known = r->files[i].known != KB_REFRESH_NEW;
	bool good = known && !(state_of(r, i)->flags & KB_STATE_PARTIAL);
	struct ingest *in = r->in;
	int rc;

	kb_buf_reset(&r->said);
	in->said = &r->said;
	in->opt = &r->from[f->root]->options;
	in->n_put = 0;
	in->renamed = known && !same_name(state_of(r, i), f);
	rc = good ? check_packed(f, err) : 0;
	if (rc == 0)
		rc = kb_ingest_file(in, -1, f->path, f->name, &in->opt->doc,
				    err);
	in->renamed = false;
	if (!in->stopped) {
		in->stats->files_read++;
		in->stats->bytes += f->size;
	}
	if (rc == KB_ENOENT) {
		kb_ingest_problem(in, err->msg);
		r->files[i].fate = UNREADABLE;
		rc = 0;
	} else if (rc == KB_EREMOTE) {
		leave_unread(r, i, err->msg);
		rc = 0;
	} else if (cannot_be_read(rc) && good) {
		keep_last(r, i, err->msg);
		rc = 0;
	} else if (in->stopped) {
		leave_rest(r, i, good);
	} else if (rc == 0 || cannot_be_read(rc)) {
		if (rc < 0)
			kb_ingest_problem(in, err->msg);
		remember(r, i, rc == 0);
		if (rc == KB_ETIMEOUT) /* another time it may be quicker */
			r->read.states[r->read.n - 1].flags |= KB_STATE_AGAIN;
		rc = 0;
	}
	in->said = NULL;
	return rc;
}

static void say_again(struct refresh *r, struct kb_str said)
{
	unsigned long long n;
	struct kb_str line;
	struct kb_buf text;
	char *rest;

	kb_buf_init(&text, 0);
	while (kb_str_line(&said, &line)) {
		kb_buf_reset(&text);
		kb_buf_add_str(&text, line);
		n = strtoull(text.ptr, &rest, 10);
		if (n > 1 && *rest == '\t')
			kb_ingest_problems(r->in, n, rest + 1);
		else
			kb_ingest_problem(r->in, text.ptr);
	}
	kb_buf_release(&text);
}

static int read_all(struct refresh *r, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < r->crawl->n && rc == 0; i++) {
		if (r->files[i].fate == TO_READ && r->in->stopped) {
			leave(r, i);
		} else if (r->files[i].fate == TO_READ) {
			rc = read_file(r, i, err);
			plan_displaced(r, i);
		} else if (r->files[i].fate <= TOUCHED &&
			   state_of(r, i)->said_len) {
			say_again(
			    r, kb_sources_get(&r->old, r->files[i].known).said);
		}
	}
	return rc;
}

/* Where what was given leads is another matter. */
static void hash_roots(struct refresh *r)
{
	r->roots = kb_calloc(r->crawl->n_roots, sizeof(*r->roots));
	r->options = kb_calloc(r->crawl->n_roots, sizeof(*r->options));
	r->held = kb_calloc(r->crawl->n_roots, sizeof(*r->held));
	for (size_t i = 0; i < r->crawl->n_roots; i++) {
		const char *given = r->crawl->given[i];
		struct kb_content_shape shape;

		r->in->opt = &r->from[i]->options;
		shape = kb_ingest_shape(r->in);
		r->options[i] = kb_content_hash_options(&shape);
		r->roots[i] = kb_xxh64(given, strlen(given), 0) | 1;
		r->held[i] =
		    r->from[i]->remembered && !r->from[i]->may_be_empty;
	}
	for (size_t i = 0; i < r->crawl->n; i++)
		r->held[r->crawl->files[i].root] = false;
}

int kb_refresh_files(struct ingest *in, const struct kb_crawl *crawl,
		     const struct kb_ingest_source *const *from,
		     struct kb_err *err)
{
	const struct kb_ingest_options *opt = in->opt;
	struct refresh r = {
	    .in = in, .crawl = crawl, .from = from, .eventful = in->opt->sync};
	int rc = kb_sources_open(&r.old, in->w, err);

	if (rc < 0)
		return rc;
	kb_sources_out_init(&r.read);
	kb_sources_out_init(&r.out);
	kb_buf_init(&r.said, 0);
	r.files = kb_calloc(crawl->n, sizeof(*r.files));
	r.old_place = kb_calloc(r.old.n, sizeof(*r.old_place));
	hash_roots(&r);
	compare_all(&r);
	in->opt = opt;
	find_gone(&r);
	plan_contested(&r);
	rc = read_all(&r, err);
	in->opt = opt;
	kb_refresh_missing_say(&r.missing, in);
	if (rc == 0)
		rc = kb_refresh_settle(&r, err);
	kb_sources_out_release(&r.read);
	kb_sources_out_release(&r.out);
	kb_buf_release(&r.said);
	free(r.files);
	free(r.roots);
	free(r.options);
	free(r.held);
	free(r.old_place);
	return rc;
}
