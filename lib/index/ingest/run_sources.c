#include "index/ingest/run_sources.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/visible.h"

/* What the run says, and how it changes what is remembered. */
struct opening {
	const struct kb_given_sources *run;
	struct kb_run_sources *s;
	bool fresh; /* nothing was remembered */
	struct {
		size_t n;
		char first[KB_QUOTE_MAX];
	} added, changed;
	size_t n_refused;
};

static bool is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* Does standard input hold nothing? Waits until that is known, and takes
 * nothing from it. */
static bool no_input(void)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	struct stat st;
	int n = 0;

	if (isatty(STDIN_FILENO) || fstat(STDIN_FILENO, &st) < 0 ||
	    is_null_device(&st))
		return true;
	if (S_ISREG(st.st_mode))
		return lseek(STDIN_FILENO, 0, SEEK_CUR) >= st.st_size;
	if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode))
		return false;
	poll(&p, 1, -1);
	return ioctl(STDIN_FILENO, FIONREAD, &n) == 0 && n == 0;
}

/* ---- what is remembered ---- */

static struct kb_remembered_source as_given(const struct opening *o,
					    const char *path)
{
	const struct kb_ingest_options *in = o->run->ingest;
	const struct kb_crawl_opts *c = &in->crawl;

	return (struct kb_remembered_source){
	    .path = path,
	    .dir = o->s->here,
	    .include = {c->include, c->n_include},
	    .exclude = {c->exclude, c->n_exclude},
	    .gitignore = c->gitignore,
	    .lines = in->doc.lines,
	    .chunk = in->chunk,
	    .shard = in->shard,
	    .shards = in->shards,
	};
}

/* Only what this run says. */
static void override(const struct opening *o, struct kb_remembered_source *s)
{
	const struct kb_given_sources *run = o->run;
	const struct kb_ingest_options *in = run->ingest;
	struct kb_remembered_source given = as_given(o, s->path);

	if (given.include.n)
		s->include = given.include;
	if (given.exclude.n)
		s->exclude = given.exclude;
	if (run->gitignore_said)
		s->gitignore = given.gitignore;
	if (run->lines_said)
		s->lines = given.lines;
	if (in->chunk.target_tokens)
		s->chunk.target_tokens = given.chunk.target_tokens;
	if (in->chunk.max_tokens)
		s->chunk.max_tokens = given.chunk.max_tokens;
	if (in->shards) {
		s->shard = given.shard;
		s->shards = given.shards;
	}
}

static void count(char first[KB_QUOTE_MAX], size_t *n, const char *path)
{
	if (!(*n)++)
		kb_err_quote(first, path, strlen(path));
}

static void put(struct opening *o, const struct kb_remembered_source *now)
{
	struct kb_remembered *r = &o->s->remembered;
	char *absolute = kb_crawl_absolute(now->dir, now->path);
	size_t at = kb_remembered_find(r, absolute);
	const struct kb_remembered_source *old =
	    at == KB_REMEMBERED_NOT ? NULL : &r->sources[at];

	free(absolute);
	if (old && kb_remembered_equal(old, now) &&
	    !strcmp(old->path, now->path) && !strcmp(old->dir, now->dir))
		return;
	if (old && !kb_remembered_equal(old, now))
		count(o->changed.first, &o->changed.n, now->path);
	if (!kb_remembered_put(r, now))
		o->n_refused++;
	else if (!old)
		count(o->added.first, &o->added.n, now->path);
}

/* Would a refresh of the directory read the path just as it is given? */
static bool reads_alike(const struct kb_remembered_source *dir,
			const struct kb_remembered_source *given,
			const char *rest, const char *absolute)
{
	char *above = kb_crawl_absolute(dir->dir, dir->path);
	char *real_above = realpath(above, NULL);
	char *real = realpath(absolute, NULL);
	bool same_names = (*dir->path == '/') == (*given->path == '/') &&
			  !strcmp(dir->dir, given->dir);
	bool inside = real_above && real &&
		      !strncmp(real, real_above, strlen(real_above)) &&
		      !strcmp(real + strlen(real_above), rest);

	free(above);
	free(real_above);
	free(real);
	return same_names && inside && kb_remembered_equal(dir, given) &&
	       !strstr(rest, "/.") && !dir->gitignore && !dir->include.n &&
	       !dir->exclude.n;
}

/* Is it only a part of a directory that is remembered? */
static bool is_part(const struct opening *o,
		    const struct kb_remembered_source *given)
{
	const struct kb_remembered *r = &o->s->remembered;
	char *absolute = kb_crawl_absolute(given->dir, given->path);
	char *above = kb_strdup(absolute), *slash;
	bool part = false;

	if (kb_remembered_find(r, absolute) == KB_REMEMBERED_NOT)
		while (!part && (slash = strrchr(above, '/')) &&
		       slash != above) {
			size_t at;

			*slash = '\0';
			at = kb_remembered_find(r, above);
			part = at != KB_REMEMBERED_NOT &&
			       reads_alike(&r->sources[at], given,
					   absolute + strlen(above), absolute);
		}
	free(above);
	free(absolute);
	return part;
}

/* ---- what is read ---- */

static struct kb_ingest_source *add(struct kb_run_sources *s, const char *path)
{
	kb_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
	s->items[s->n] = (struct kb_ingest_source){.path = path};
	return &s->items[s->n++];
}

static void add_remembered(struct opening *o,
			   const struct kb_remembered_source *from)
{
	const struct kb_given_sources *run = o->run;
	struct kb_ingest_source *s = add(o->s, from->path);
	struct kb_ingest_options *in = &s->options;

	in->crawl.dir = from->dir;
	in->crawl.include = from->include.items;
	in->crawl.n_include = from->include.n;
	in->crawl.exclude = from->exclude.items;
	in->crawl.n_exclude = from->exclude.n;
	in->crawl.gitignore = from->gitignore;
	in->doc.lines = from->lines;
	in->chunk = from->chunk;
	in->shard = from->shard;
	in->shards = from->shards;
	s->remembered = !run->rebuild;
	s->may_be_empty = run->allow_delete;
	s->must_hold = run->rebuild && !run->allow_delete;
}

static int forget(struct opening *o, const char *path, struct kb_err *err)
{
	struct kb_remembered *r = &o->s->remembered;
	char *absolute = kb_crawl_absolute(o->s->here, path);
	size_t at = kb_remembered_find(r, absolute);
	struct kb_ingest_source *s;
	int rc = 0;

	if (at == KB_REMEMBERED_NOT) {
		rc = kb_err_set(err, KB_EINVAL,
				"--forget: '%s' is none of the sources that "
				"'%s' remembers; kb-index --info shows them",
				path, o->run->index);
	} else {
		s = add(o->s, r->sources[at].path);
		s->options.crawl.dir = r->sources[at].dir;
		s->forgotten = true;
		kb_remembered_remove(r, at);
	}
	free(absolute);
	return rc;
}

static void take_remembered(struct opening *o)
{
	struct kb_remembered *r = &o->s->remembered;

	for (size_t i = 0; i < r->n; i++) {
		struct kb_remembered_source now = r->sources[i];

		override(o, &now);
		put(o, &now);
		add_remembered(o, &r->sources[i]);
	}
}

static void take_given(struct opening *o)
{
	const struct kb_given_sources *run = o->run;
	struct kb_run_sources *s = o->s;
	struct kb_map kept;
	bool all = run->ingest->sync || run->rebuild;

	kb_map_init(&kept);
	for (size_t i = 0; i < run->n_paths; i++) {
		struct kb_remembered_source now = as_given(o, run->paths[i]);
		struct kb_ingest_source *item = add(s, run->paths[i]);
		char *absolute = kb_crawl_absolute(now.dir, now.path);

		item->options = *run->ingest;
		if (all || !is_part(o, &now))
			put(o, &now);
		*kb_map_put(&kept, kb_xxh64(absolute, strlen(absolute), 0),
			    NULL) = 1;
		free(absolute);
	}
	for (size_t i = s->remembered.n; all && i-- > 0;) {
		const struct kb_remembered_source *r =
		    &s->remembered.sources[i];
		char *absolute = kb_crawl_absolute(r->dir, r->path);

		if (!kb_map_get(&kept, kb_xxh64(absolute, strlen(absolute), 0)))
			kb_remembered_remove(&s->remembered, i);
		free(absolute);
	}
	kb_map_release(&kept);
}

/* ---- commands ---- */

static int check_commands(const struct opening *o, struct kb_err *err)
{
	const struct kb_remembered *r = &o->s->remembered;
	const char *glob = r->converters.n ? r->converters.items[0] : "*";

	if (r->commands && !o->run->commands && !o->run->convert_said)
		return kb_err_set(
		    err, KB_EINVAL,
		    "'%s' was made with a command for '%s', which an index "
		    "does not keep; give --convert='%s=COMMAND {}', here or in "
		    "kb-index.json, or --no-convert",
		    o->run->index, glob, glob);
	if (r->embed_command && !o->run->embed_command)
		return kb_err_set(
		    err, KB_EINVAL,
		    "'%s' was made with --embed-cmd, which an index does not "
		    "keep; give it again, here or in kb-index.json",
		    o->run->index);
	return 0;
}

static void remember_commands(const struct opening *o)
{
	struct kb_remembered *r = &o->s->remembered;
	const struct kb_given_sources *run = o->run;
	const char *embed = run->embed_command;

	if (r->commands != run->commands && !o->fresh)
		o->run->change(o->run->arg,
			       "the commands of --convert are others than "
			       "before; all files are read again");
	kb_remembered_set_converters(r, run->convert, run->n_convert,
				     run->commands);
	r->embed_command = embed ? kb_hash64(embed, strlen(embed), 0) : 0;
}

/* ---- lines ---- */

static void say_changes(struct opening *o)
{
	struct kb_buf line;

	kb_buf_init(&line, 0);
	if (o->added.n && !o->fresh) {
		kb_buf_printf(&line, "'%s'", o->added.first);
		if (o->added.n > 1)
			kb_buf_printf(&line, " and %zu more", o->added.n - 1);
		kb_buf_add_cstr(&line,
				" will be refreshed with what was given before "
				"(--sync: in its place)");
		o->run->change(o->run->arg, line.ptr);
	}
	kb_buf_reset(&line);
	if (o->changed.n) {
		kb_buf_printf(&line, "'%s'", o->changed.first);
		if (o->changed.n > 1)
			kb_buf_printf(&line, " and %zu more", o->changed.n - 1);
		kb_buf_add_cstr(&line, " had other options before; those of "
				       "this run hold from now on");
		o->run->change(o->run->arg, line.ptr);
	}
	kb_buf_reset(&line);
	if (o->n_refused) {
		kb_buf_printf(&line,
			      "%zu paths are read but will not be refreshed "
			      "without being given: an index remembers %d; "
			      "give directories",
			      o->n_refused, KB_REMEMBERED_MAX);
		o->run->change(o->run->arg, line.ptr);
	}
	kb_buf_release(&line);
}

/* ---- life ---- */

static int nothing_to_refresh(const struct kb_given_sources *run,
			      struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL,
			  "'%s' remembers no sources; give them once: "
			  "kb-index %s PATH...",
			  run->index, run->index);
}

static int choose(struct opening *o, struct kb_err *err)
{
	const struct kb_given_sources *run = o->run;
	struct kb_run_sources *s = o->s;
	bool any = s->remembered.n > 0, stdin_named;
	int rc = 0;

	stdin_named = run->n_paths == 1 && !strcmp(*run->paths, "-");
	for (size_t i = 0; i < run->n_forget && rc == 0; i++)
		rc = forget(o, run->forget[i], err);
	if (rc < 0)
		return rc;
	if (stdin_named || (!run->n_paths && !run->refresh && !run->n_forget &&
			    !(any && !run->ingest->restore && no_input()))) {
		s->stream = true;
		return 0;
	}
	if (!run->n_paths && !any)
		return nothing_to_refresh(run, err);
	if (run->n_paths) {
		take_given(o);
	} else {
		rc = check_commands(o, err);
		if (rc == 0)
			take_remembered(o);
	}
	if (rc == 0)
		remember_commands(o);
	if (rc == 0)
		say_changes(o);
	return rc;
}

int kb_run_sources_open(struct kb_run_sources *s,
			const struct kb_given_sources *given,
			struct kb_writer *writer, struct kb_err *err)
{
	struct opening o = {.run = given, .s = s};
	int rc;

	*s = (struct kb_run_sources){.here = getcwd(NULL, 0)};
	kb_remembered_init(&s->remembered);
	if (!s->here)
		s->here = kb_strdup("/");
	rc = kb_remembered_load(&s->remembered, writer, err);
	o.fresh = !s->remembered.n;
	return rc < 0 ? rc : choose(&o, err);
}

void kb_run_sources_release(struct kb_run_sources *s)
{
	kb_remembered_release(&s->remembered);
	free(s->items);
	free(s->here);
	*s = (struct kb_run_sources){0};
}

/* The run's options, with what is the source's own. */
static void complete(struct kb_ingest_source *s,
		     const struct kb_ingest_options *run)
{
	struct kb_ingest_options own = s->options;

	s->options = *run;
	s->options.doc.lines = own.doc.lines;
	s->options.chunk = own.chunk;
	s->options.shard = own.shard;
	s->options.shards = own.shards;
	s->options.crawl.dir = own.crawl.dir;
	s->options.crawl.include = own.crawl.include;
	s->options.crawl.n_include = own.crawl.n_include;
	s->options.crawl.exclude = own.crawl.exclude;
	s->options.crawl.n_exclude = own.crawl.n_exclude;
	s->options.crawl.gitignore = own.crawl.gitignore;
}

int kb_run_sources_read(struct kb_run_sources *s, struct kb_writer *writer,
			const struct kb_ingest_options *options,
			struct kb_ingest_stats *stats, struct kb_err *err)
{
	int rc;

	if (s->stream)
		rc = kb_ingest_stream(writer, options, stats, err);
	else {
		for (size_t i = 0; i < s->n; i++)
			complete(&s->items[i], options);
		rc = kb_ingest_sources(writer, s->items, s->n, options, stats,
				       err);
	}
	return rc < 0 ? rc : kb_remembered_save(&s->remembered, writer, err);
}
