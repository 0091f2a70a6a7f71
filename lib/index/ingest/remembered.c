#include "index/ingest/remembered.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "crawl/crawl.h"
#include "index/write/writer_impl.h"

void kb_remembered_init(struct kb_remembered *r)
{
	*r = (struct kb_remembered){0};
	kb_map_init(&r->places);
	kb_arena_init(&r->arena);
}

void kb_remembered_release(struct kb_remembered *r)
{
	free(r->sources);
	kb_map_release(&r->places);
	kb_arena_release(&r->arena);
}

static uint64_t hash_of(const char *absolute)
{
	return kb_xxh64(absolute, strlen(absolute), 0);
}

static uint64_t hash_of_source(const struct kb_remembered_source *s)
{
	char *absolute = kb_crawl_absolute(s->dir, s->path);
	uint64_t hash = hash_of(absolute);

	free(absolute);
	return hash;
}

size_t kb_remembered_find(const struct kb_remembered *r, const char *absolute)
{
	const uint64_t *place = kb_map_get(&r->places, hash_of(absolute));

	return place ? (size_t)*place : KB_REMEMBERED_NOT;
}

static const char *copy(struct kb_remembered *r, const char *text)
{
	return kb_arena_strndup(&r->arena, text, strlen(text));
}

static struct kb_pattern_list copy_list(struct kb_remembered *r,
					const struct kb_pattern_list *list)
{
	const char **items =
	    kb_arena_calloc(&r->arena, list->n + 1, sizeof(*items));

	for (size_t i = 0; i < list->n; i++)
		items[i] = copy(r, list->items[i]);
	return (struct kb_pattern_list){items, list->n};
}

bool kb_remembered_put(struct kb_remembered *r,
		       const struct kb_remembered_source *source)
{
	uint64_t hash = hash_of_source(source);
	const uint64_t *known = kb_map_get(&r->places, hash);
	struct kb_remembered_source s = *source;

	if (!known && r->n == KB_REMEMBERED_MAX)
		return false;
	s.path = copy(r, source->path);
	s.dir = copy(r, source->dir);
	s.include = copy_list(r, &source->include);
	s.exclude = copy_list(r, &source->exclude);
	if (known) {
		r->sources[*known] = s;
		return true;
	}
	kb_grow(&r->sources, &r->cap, r->n + 1, sizeof(*r->sources));
	*kb_map_put(&r->places, hash, NULL) = r->n;
	r->sources[r->n++] = s;
	return true;
}

void kb_remembered_remove(struct kb_remembered *r, size_t place)
{
	assert(place < r->n);
	r->n--;
	memmove(&r->sources[place], &r->sources[place + 1],
		(r->n - place) * sizeof(*r->sources));
	kb_map_clear(&r->places);
	for (size_t i = 0; i < r->n; i++)
		*kb_map_put(&r->places, hash_of_source(&r->sources[i]), NULL) =
		    i;
}

void kb_remembered_set_converters(struct kb_remembered *r,
				  const char *const *commands, size_t n,
				  uint64_t hash)
{
	const char **items = kb_arena_calloc(&r->arena, n + 1, sizeof(*items));

	for (size_t i = 0; i < n; i++)
		items[i] = kb_arena_strndup(&r->arena, commands[i],
					    strcspn(commands[i], "="));
	r->commands = hash;
	r->converters = (struct kb_pattern_list){items, n};
}

static bool equal_lists(const struct kb_pattern_list *a,
			const struct kb_pattern_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->items[i], b->items[i]))
			return false;
	return true;
}

bool kb_remembered_equal(const struct kb_remembered_source *a,
			 const struct kb_remembered_source *b)
{
	return equal_lists(&a->include, &b->include) &&
	       equal_lists(&a->exclude, &b->exclude) &&
	       a->gitignore == b->gitignore && a->lines == b->lines &&
	       a->chunk.target_tokens == b->chunk.target_tokens &&
	       a->chunk.max_tokens == b->chunk.max_tokens &&
	       a->shard == b->shard && a->shards == b->shards;
}

/* ---- reading ---- */

struct reading {
	struct kb_remembered *out;
	struct kb_remembered_source source;
	const char *include[KB_REMEMBERED_PATTERNS];
	const char *exclude[KB_REMEMBERED_PATTERNS];
	const char *converters[KB_REMEMBERED_PATTERNS];
	size_t n_converters;
};

/* The value of a string that begins with 'name', which ends with '='. */
static const char *value_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	return strncmp(text, name, len) ? NULL : text + len;
}

static bool begin_source(struct reading *in, const char *path)
{
	bool room = !in->source.path || !in->source.dir ||
		    kb_remembered_put(in->out, &in->source);

	in->source = (struct kb_remembered_source){.path = path,
						   .include = {in->include, 0},
						   .exclude = {in->exclude, 0}};
	return room;
}

static bool add_pattern(const char **items, size_t *n, const char *pattern)
{
	if (*n == KB_REMEMBERED_PATTERNS)
		return false;
	items[(*n)++] = pattern;
	return true;
}

static void read_shard(struct kb_remembered_source *s, const char *value)
{
	unsigned i, n;

	if (sscanf(value, "%u/%u", &i, &n) == 2 && i && i <= n && n <= 100000) {
		s->shard = i - 1;
		s->shards = n;
	}
}

static uint32_t read_tokens(const char *value)
{
	unsigned long n = strtoul(value, NULL, 10);

	return n <= 100000 ? (uint32_t)n : 0;
}

static bool read_one(struct reading *in, const char *text)
{
	struct kb_remembered_source *s = &in->source;
	const char *v;
	bool room = true;

	if ((v = value_of(text, "path=")))
		room = !*v || begin_source(in, v);
	else if ((v = value_of(text, "dir=")))
		s->dir = *v == '/' ? v : NULL;
	else if ((v = value_of(text, "include=")))
		room = !s->path || add_pattern(in->include, &s->include.n, v);
	else if ((v = value_of(text, "exclude=")))
		room = !s->path || add_pattern(in->exclude, &s->exclude.n, v);
	else if ((v = value_of(text, "gitignore=")))
		s->gitignore = !strcmp(v, "1");
	else if ((v = value_of(text, "lines=")))
		s->lines = !strcmp(v, "1");
	else if ((v = value_of(text, "chunk-target=")))
		s->chunk.target_tokens = read_tokens(v);
	else if ((v = value_of(text, "chunk-max=")))
		s->chunk.max_tokens = read_tokens(v);
	else if ((v = value_of(text, "shard=")))
		read_shard(s, v);
	else if ((v = value_of(text, "convert=")))
		room = add_pattern(in->converters, &in->n_converters, v);
	else if ((v = value_of(text, "commands=")))
		in->out->commands = strtoull(v, NULL, 16);
	else if ((v = value_of(text, "embed-cmd=")))
		in->out->embed_command = strtoull(v, NULL, 16);
	return room;
}

int kb_remembered_parse(struct kb_remembered *r, struct kb_str text,
			struct kb_err *err)
{
	struct reading in = {.out = r};
	bool room = true;

	while (text.len && room) {
		const char *end = memchr(text.ptr, '\0', text.len);

		if (!end)
			break;
		room = read_one(&in, text.ptr);
		text = kb_str_skip(text, (size_t)(end - text.ptr) + 1);
	}
	room = room && begin_source(&in, NULL);
	if (!room)
		return kb_err_set(err, KB_ELIMIT,
				  "the index remembers more than %d sources "
				  "or %d patterns of one",
				  KB_REMEMBERED_MAX, KB_REMEMBERED_PATTERNS);
	kb_remembered_set_converters(r, in.converters, in.n_converters,
				     r->commands);
	return 0;
}

/* ---- writing ---- */

static void put(struct kb_buf *out, const char *name, const char *value)
{
	kb_buf_add_cstr(out, name);
	kb_buf_add_char(out, '=');
	kb_buf_add_cstr(out, value);
	kb_buf_add_char(out, '\0');
}

static void put_list(struct kb_buf *out, const char *name,
		     const struct kb_pattern_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		put(out, name, list->items[i]);
}

static void put_count(struct kb_buf *out, const char *name, uint32_t n)
{
	char text[16];

	snprintf(text, sizeof(text), "%" PRIu32, n);
	if (n)
		put(out, name, text);
}

static void put_hash(struct kb_buf *out, const char *name, uint64_t hash)
{
	char text[20];

	snprintf(text, sizeof(text), "%016" PRIx64, hash);
	if (hash)
		put(out, name, text);
}

static void put_source(struct kb_buf *out, const struct kb_remembered_source *s)
{
	char text[32];

	put(out, "path", s->path);
	put(out, "dir", s->dir);
	put_list(out, "include", &s->include);
	put_list(out, "exclude", &s->exclude);
	put_count(out, "gitignore", s->gitignore);
	put_count(out, "lines", s->lines);
	put_count(out, "chunk-target", s->chunk.target_tokens);
	put_count(out, "chunk-max", s->chunk.max_tokens);
	snprintf(text, sizeof(text), "%" PRIu32 "/%" PRIu32, s->shard + 1,
		 s->shards);
	if (s->shards)
		put(out, "shard", text);
}

void kb_remembered_format(const struct kb_remembered *r, struct kb_buf *out)
{
	put_list(out, "convert", &r->converters);
	put_hash(out, "commands", r->commands);
	put_hash(out, "embed-cmd", r->embed_command);
	for (size_t i = 0; i < r->n; i++)
		put_source(out, &r->sources[i]);
}

/* ---- in an index ---- */

/* The text in a generation; empty when it has none. */
static int read_slot(const struct kb_writer *w, const struct kb_manifest *m,
		     struct kb_buf *out, struct kb_err *err)
{
	struct kb_container_view view;
	size_t i = 0;
	int rc;

	while (i < m->n_globals &&
	       strcmp(m->globals[i].slot, KB_REMEMBERED_SLOT))
		i++;
	if (i == m->n_globals)
		return 0;
	rc = kb_container_map(&view, w->dir, m->globals[i].file.name,
			      KB_KIND_GLOBAL, KB_REMEMBERED_KNOWN, err);
	if (rc < 0)
		return rc;
	if (view.sec[1].ptr)
		kb_buf_add(out, view.sec[1].ptr, view.sec[1].len);
	kb_container_unmap(&view);
	return 0;
}

int kb_remembered_load(struct kb_remembered *r, struct kb_writer *w,
		       struct kb_err *err)
{
	struct kb_buf text;
	int rc;

	kb_buf_init(&text, 0);
	rc = read_slot(w, &w->old, &text, err);
	if (rc == 0)
		rc = kb_remembered_parse(r, kb_buf_str(&text), err);
	kb_buf_release(&text);
	return rc;
}

static int write_slot(struct kb_writer *w, struct kb_str text,
		      struct kb_err *err)
{
	struct kb_container out;
	int rc = kb_writer_global_create(w, KB_REMEMBERED_SLOT, &out, err);

	if (rc < 0)
		return rc;
	kb_container_put(&out, 1, false, text.ptr, text.len);
	return kb_writer_global_finish(w, KB_REMEMBERED_SLOT, &out, err);
}

int kb_remembered_save(const struct kb_remembered *r, struct kb_writer *w,
		       struct kb_err *err)
{
	struct kb_buf before, now;
	int rc;

	kb_buf_init(&before, 0);
	kb_buf_init(&now, 0);
	kb_remembered_format(r, &now);
	rc = read_slot(w, &w->next, &before, err);
	if (rc == 0 && !now.len)
		kb_writer_global_drop(w, KB_REMEMBERED_SLOT);
	else if (rc == 0 && !kb_str_eq(kb_buf_str(&before), kb_buf_str(&now)))
		rc = write_slot(w, kb_buf_str(&now), err);
	kb_buf_release(&before);
	kb_buf_release(&now);
	return rc;
}

int kb_remembered_of(struct kb_remembered *r, const struct kb_index *index,
		     struct kb_err *err)
{
	const struct kb_container_view *view =
	    kb_index_global(index, KB_REMEMBERED_SLOT);

	if (!view || !view->sec[1].ptr)
		return 0;
	return kb_remembered_parse(
	    r,
	    (struct kb_str){(const char *)view->sec[1].ptr, view->sec[1].len},
	    err);
}
