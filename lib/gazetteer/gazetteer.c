#include "gazetteer/gazetteer.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "index/index.h"
#include "text/literals.h"

#define MAX_KEY 30 /* bytes of a key before a colon */

#define NO_NAME UINT32_MAX

struct name {
	const char *ptr;
	uint32_t len;
	uint32_t parent; /* the longest other name that this begins with */
	const char *slot;
	bool is_title; /* wins over other slots of the same name */
};

struct kb_gazetteer {
	struct name *names; /* sorted by kb_gazetteer_build() */
	size_t n, cap;
	size_t longest; /* bytes */
	struct kb_arena arena;
	size_t bytes;  /* read of indexes */
	bool anywhere; /* names are found inside of words, too */
	/* Of the first two characters of a name, by hash: no name begins
	 * elsewhere. */
	unsigned char first[4096];
};

struct kb_gazetteer *kb_gazetteer_new(void)
{
	struct kb_gazetteer *g = kb_calloc(1, sizeof(*g));

	kb_arena_init(&g->arena);
	return g;
}

void kb_gazetteer_free(struct kb_gazetteer *g)
{
	if (!g)
		return;
	kb_arena_release(&g->arena);
	free(g->names);
	free(g);
}

/* ---- names ---- */

/* What tables hold where they have no value. */
static const char *const no_values[] = {
    "没有", "其他", "都可以", "一般吧", "暂无",	   "未知", "不详",
    "none", "n/a",  "null",   "other",	"unknown", "yes",  "no",
};

static struct kb_literals no_value_set = KB_LITERALS(no_values);

static bool is_name(struct kb_str s)
{
	size_t chars = 0;
	bool letter = false;

	if (s.len > KB_GAZETTEER_NAME ||
	    kb_literals_has(&no_value_set, s.ptr, s.len))
		return false;
	for (size_t i = 0; i < s.len; chars++) {
		uint32_t cp;

		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		letter |= cp >= 0x80 || kb_is_letter((char)cp);
	}
	return letter && chars >= 2;
}

static void add(struct kb_gazetteer *g, struct kb_str name, const char *slot,
		bool is_title)
{
	struct kb_str copy;

	name = kb_str_trim(name);
	if (!is_name(name))
		return;
	copy = kb_arena_copy(&g->arena, name);
	kb_grow(&g->names, &g->cap, g->n + 1, sizeof(*g->names));
	g->names[g->n++] = (struct name){
	    .ptr = copy.ptr,
	    .len = (uint32_t)copy.len,
	    .slot = slot,
	    .is_title = is_title,
	};
}

void kb_gazetteer_add_literal(struct kb_gazetteer *g, struct kb_str text,
			      const char *slot)
{
	g->anywhere = true;
	kb_grow(&g->names, &g->cap, g->n + 1, sizeof(*g->names));
	g->names[g->n++] = (struct name){
	    .ptr = text.ptr, .len = (uint32_t)text.len, .slot = slot};
}

static int check_size(const struct kb_gazetteer *g, struct kb_err *err)
{
	if (g->n > KB_GAZETTEER_NAMES)
		return kb_err_set(err, KB_ELIMIT,
				  "more than %d names for the gazetteer",
				  KB_GAZETTEER_NAMES);
	return 0;
}

int kb_gazetteer_add_text(struct kb_gazetteer *g, struct kb_str text,
			  const char *name, struct kb_err *err)
{
	struct kb_str line;
	unsigned line_no = 0;
	int rc = 0;

	text = kb_str_skip(text, kb_str_mark(text));
	while (!rc && kb_str_line(&text, &line)) {
		const char *tab = memchr(line.ptr, '\t', line.len);
		const char *slot = "name";

		line_no++;
		if (!kb_utf8_valid(line.ptr, line.len))
			rc = kb_err_set(err, KB_EINVAL, "not UTF-8");
		if (rc || !line.len || *line.ptr == '#')
			continue;
		if (tab) {
			size_t n = (size_t)(tab - line.ptr);

			slot =
			    n ? kb_arena_strndup(&g->arena, line.ptr, n) : slot;
			line = kb_str_skip(line, n + 1);
		}
		add(g, line, slot, false);
		rc = check_size(g, err);
	}
	if (rc)
		kb_err_place(err, "%s:%u", name, line_no);
	return rc;
}

static int add_file(struct kb_gazetteer *g, const char *path,
		    struct kb_err *err)
{
	struct kb_buf text;
	int rc;

	kb_buf_init(&text, 0);
	rc = kb_file_read(path, KB_GAZETTEER_BYTES, &text, err);
	if (!rc)
		rc = kb_gazetteer_add_text(g, kb_buf_str(&text), path, err);
	kb_buf_release(&text);
	return rc;
}

/* ---- of an index ---- */

/* Cut off *rest up to one of the marks, which is passed over. */
static struct kb_str cut(struct kb_str *rest, const char *const *marks,
			 size_t n_marks)
{
	struct kb_str piece = *rest;

	for (size_t i = 0; i < rest->len; i++)
		for (size_t k = 0; k < n_marks; k++) {
			size_t n =
			    kb_starts(rest->ptr + i, rest->len - i, marks[k]);

			if (!n)
				continue;
			piece.len = i;
			*rest = kb_str_skip(*rest, i + n);
			return piece;
		}
	*rest = kb_str_skip(*rest, rest->len);
	return piece;
}

/* "key：value、value" */
static void add_pair(struct kb_gazetteer *g, struct kb_str pair)
{
	static const char *const colons[] = {"：", ": "}, *const commas[] = {
							      "、"};
	struct kb_str key = cut(&pair, colons, 2);
	const char *slot;

	if (!key.len || key.len > MAX_KEY || !pair.len)
		return;
	slot = kb_arena_strndup(&g->arena, key.ptr, key.len);
	while (pair.len)
		add(g, cut(&pair, commas, 1), slot, false);
}

static void add_pairs(struct kb_gazetteer *g, struct kb_str text)
{
	static const char *const marks[] = {"；", "; ", "\n"};
	static const char *const colons[] = {"：", ": "};
	struct kb_str head = text, rest = text;
	size_t n = 0;

	/* A list of pairs has a colon in each of its first parts. */
	for (; n < 2 && rest.len; n++) {
		struct kb_str pair = cut(&rest, marks, 3);

		if (cut(&pair, colons, 2).len > MAX_KEY || !pair.len)
			return;
	}
	while (n == 2 && head.len)
		add_pair(g, cut(&head, marks, 3));
}

static int add_segment(struct kb_gazetteer *g, const struct kb_segment *seg,
		       struct kb_err *err)
{
	struct kb_arena arena;
	int rc = 0;

	kb_arena_init(&arena);
	for (uint32_t c = 0; c < seg->n_chunks && rc == 0; c++) {
		struct kb_passage p;

		if (!kb_segment_alive(seg, c))
			continue;
		kb_arena_reset(&arena);
		rc = kb_segment_fetch(seg, c, &arena, &p, err);
		if (rc < 0)
			break;
		g->bytes += p.text.len;
		if (g->bytes > KB_GAZETTEER_BYTES)
			rc = kb_err_set(
			    err, KB_ELIMIT,
			    "more than %zu MiB of text; name a file of names",
			    KB_GAZETTEER_BYTES >> 20);
		if (p.chunk_no == 0)
			add(g, p.title, "name", true);
		add_pairs(g, p.text);
		if (rc == 0)
			rc = check_size(g, err);
	}
	kb_arena_release(&arena);
	return rc;
}

static int add_index(struct kb_gazetteer *g, const char *path,
		     struct kb_err *err)
{
	struct kb_index *index;
	int rc = kb_index_open(&index, path, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < index->n_segments && rc == 0; i++)
		rc = add_segment(g, index->segments[i], err);
	if (rc < 0)
		kb_err_place(err, "%s", path);
	kb_index_close(index);
	return rc;
}

/* ---- finding ---- */

/* The title before other slots of a name, then by slot. */
static int by_name(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int c = kb_str_cmp((struct kb_str){x->ptr, x->len},
			   (struct kb_str){y->ptr, y->len});

	if (c)
		return c;
	if (x->is_title != y->is_title)
		return x->is_title ? -1 : 1;
	return strcmp(x->slot, y->slot);
}

static unsigned first_of(const char *p, size_t len)
{
	size_t n = kb_utf8_seek(p, len, 2);

	return (unsigned)(kb_hash64(p, n, 0) & 4095);
}

static bool begins_with(const struct name *name, const struct name *with)
{
	return name->len > with->len &&
	       !memcmp(name->ptr, with->ptr, with->len);
}

void kb_gazetteer_build(struct kb_gazetteer *g)
{
	size_t n = 0;

	if (!g->n)
		return;
	qsort(g->names, g->n, sizeof(*g->names), by_name);
	for (size_t i = 0; i < g->n; i++) {
		struct name *name = &g->names[i];
		uint32_t parent = n ? (uint32_t)n - 1 : NO_NAME;

		if (n && name->len == g->names[n - 1].len &&
		    !memcmp(name->ptr, g->names[n - 1].ptr, name->len))
			continue;
		while (parent != NO_NAME &&
		       !begins_with(name, &g->names[parent]))
			parent = g->names[parent].parent;
		name->parent = parent;
		if (name->len > g->longest)
			g->longest = name->len;
		g->first[first_of(name->ptr, name->len)] = 1;
		g->names[n++] = *name;
	}
	g->n = n;
}

int kb_gazetteer_open(struct kb_gazetteer **out, const char *file,
		      const char *const *indexes, size_t n, struct kb_err *err)
{
	int rc = 0;

	*out = NULL;
	if (!file && !n)
		return 0;
	*out = kb_gazetteer_new();
	if (file)
		rc = add_file(*out, file, err);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = add_index(*out, indexes[i], err);
	kb_gazetteer_build(*out);
	return rc;
}

/* The last name that is not behind the text in their order, or NO_NAME. */
static uint32_t not_behind(const struct kb_gazetteer *g, struct kb_str text)
{
	size_t lo = 0, hi = g->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct name *name = &g->names[mid];

		if (kb_str_cmp((struct kb_str){name->ptr, name->len}, text) <=
		    0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? (uint32_t)lo - 1 : NO_NAME;
}

/* All names that the text begins with are the last one before it or names that
 * this one begins with. */
size_t kb_gazetteer_find(const struct kb_gazetteer *g, struct kb_str text,
			 size_t at, const char **slot)
{
	struct kb_str rest;

	if (!g || !g->n || text.len - at < 2 ||
	    (!g->anywhere && !kb_may_begin(text.ptr, at)))
		return 0;
	rest = kb_str_skip(text, at);
	if (rest.len > g->longest)
		rest.len = g->longest;
	if (!g->first[first_of(rest.ptr, rest.len)])
		return 0;
	for (uint32_t i = not_behind(g, rest); i != NO_NAME;
	     i = g->names[i].parent) {
		const struct name *name = &g->names[i];

		if (name->len > rest.len ||
		    memcmp(name->ptr, rest.ptr, name->len) != 0 ||
		    (!g->anywhere &&
		     !kb_is_bounded(text.ptr, text.len, at, name->len)))
			continue;
		*slot = name->slot;
		return name->len;
	}
	return 0;
}
