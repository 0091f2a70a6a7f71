/*
 * E-books (EPUB 2 and 3): the chapters of the spine, in its order, each read
 * as the page of HTML it is. The navigation is none.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "convert/office/office.h"
#include "convert/office/xml_part.h"
#include "doc/blocks.h"
#include "doc/encode.h"

#define ITEMS_MAX 65536u

struct item {
	struct kb_str part;
	bool navigation;
};

struct book {
	struct kb_office *office;
	struct kb_str package; /* its part */
	struct kb_map items;   /* hash of an id -> place + 1 */
	struct item *all;
	size_t n, cap;
	uint32_t *spine; /* places */
	size_t n_spine, cap_spine, at;
};

static void open_container(void *arg, const char *name,
			   const char *const *attributes)
{
	struct book *b = arg;
	const char *path = kb_xml_attribute(attributes, "full-path");

	if (!strcmp(name, "rootfile") && path && !b->package.len)
		b->package = kb_arena_copy(&b->office->arena, kb_str_of(path));
}

static void add_item(struct book *b, const char *const *attributes)
{
	const char *id = kb_xml_attribute(attributes, "id"),
		   *href = kb_xml_attribute(attributes, "href"),
		   *type = kb_xml_attribute(attributes, "media-type"),
		   *what = kb_xml_attribute(attributes, "properties");
	struct kb_buf path;

	if (!id || !href || !type || !strstr(type, "html") || b->n == ITEMS_MAX)
		return;
	kb_buf_init(&path, 4096);
	kb_xml_path(b->package, href, &path);
	kb_arena_grow(&b->office->arena, &b->all, &b->cap, b->n, b->n + 1,
		      sizeof(*b->all));
	b->all[b->n++] =
	    (struct item){kb_arena_copy(&b->office->arena, kb_buf_str(&path)),
			  what && strstr(what, "nav")};
	*kb_map_put(&b->items, kb_hash64(id, strlen(id), 0), NULL) = b->n;
	kb_buf_release(&path);
}

static void open_package(void *arg, const char *name,
			 const char *const *attributes)
{
	struct book *b = arg;
	const char *id = kb_xml_attribute(attributes, "idref");
	const uint64_t *place;

	if (!strcmp(name, "item")) {
		add_item(b, attributes);
	} else if (!strcmp(name, "itemref") && id && b->n_spine < ITEMS_MAX) {
		place = kb_map_get(&b->items, kb_hash64(id, strlen(id), 0));
		if (!place)
			return;
		kb_arena_grow(&b->office->arena, &b->spine, &b->cap_spine,
			      b->n_spine, b->n_spine + 1, sizeof(*b->spine));
		b->spine[b->n_spine++] = (uint32_t)*place - 1;
	}
}

static void no_close(void *arg, const char *name)
{
	(void)arg;
	(void)name;
}

static void no_text(void *arg, struct kb_str text)
{
	(void)arg;
	(void)text;
}

static int read_part(struct book *b, struct kb_str part,
		     void (*open)(void *arg, const char *name,
				  const char *const *attributes),
		     struct kb_err *err)
{
	const struct kb_xml_events events = {
	    .open = open, .close = no_close, .text = no_text, .arg = b};
	int rc = kb_xml_part(b->office->zip, part, &events, err);

	return rc == KB_ENOENT
		   ? kb_err_set(err, KB_EFORMAT,
				"is damaged: its list of chapters is missing")
		   : rc;
}

static int begin(struct kb_office *office, void **state, struct kb_err *err)
{
	struct book *b = kb_calloc(1, sizeof(*b));
	int rc;

	b->office = office;
	kb_map_init(&b->items);
	*state = b;
	if (kb_zip_find(office->zip, KB_STR("META-INF/rights.xml")))
		return kb_err_set(err, KB_EFORMAT,
				  "is encrypted: its rights are managed");
	rc =
	    read_part(b, KB_STR("META-INF/container.xml"), open_container, err);
	if (rc == 0)
		rc = read_part(b, b->package, open_package, err);
	if (rc == 0)
		rc = kb_office_properties(office, b->package.ptr, err);
	return rc;
}

static void end(void *state)
{
	struct book *b = state;

	kb_map_release(&b->items);
	free(b);
}

static int read_chapter(struct book *b, const struct item *item,
			struct kb_arena *arena, struct kb_doc *doc,
			struct kb_err *err)
{
	struct kb_buf raw, text;
	struct kb_str page;
	int rc;

	kb_buf_init(&raw, b->office->max_text);
	kb_buf_init(&text, b->office->max_text * 2);
	rc = kb_zip_read(b->office->zip, item->part.ptr, &raw, err);
	if (rc == KB_ENOENT)
		rc = kb_err_set(err, KB_EFORMAT,
				"is damaged: a chapter is missing");
	page = raw.len ? kb_buf_str(&raw) : (struct kb_str){"", 0};
	page = kb_str_skip(page, kb_str_mark(page));
	if (rc == 0 && !kb_utf8_valid(page.ptr, page.len)) {
		size_t bom;
		const char *why;
		enum kb_encoding e = kb_encoding_guess(page, &bom, &why);

		/* what is none of a book's encodings is repaired */
		rc = kb_encoding_convert(
		    e == KB_ENC_UTF16LE || e == KB_ENC_UTF16BE ? e
							       : KB_ENC_UTF8,
		    kb_str_skip(page, bom), &text, err);
		page = kb_buf_str(&text);
	}
	if (rc == 0)
		rc = kb_doc_read_html(doc, arena, page, b->office->max_text * 2,
				      err);
	kb_buf_release(&raw);
	kb_buf_release(&text);
	return rc;
}

static void describe(struct book *b, struct kb_arena *arena, struct kb_doc *doc)
{
	struct kb_str own = kb_doc_first_heading(doc, 3),
		      book = b->office->title;

	doc->title = kb_arena_copy(arena, own.len ? own : book);
	if (own.len && book.len && !kb_str_eq(own, book))
		doc->title = kb_str_of(kb_arena_printf(
		    arena, "%s - %.*s", book.ptr, (int)own.len, own.ptr));
	for (size_t i = 0; i < doc->n_blocks; i++)
		doc->blocks[i].line = 0;
	doc->id =
	    kb_str_of(kb_arena_printf(arena, "%s#%zu", b->office->name, b->at));
	kb_office_describe(b->office, arena, doc, "chapter",
			   (struct kb_str){"", 0}, (unsigned)b->at);
}

static int next(struct kb_office *office, void *state, struct kb_arena *arena,
		struct kb_doc *doc, struct kb_err *err)
{
	struct book *b = state;
	const struct item *item;
	int rc = 0;

	(void)office;
	do {
		if (b->at == b->n_spine)
			return 0;
		item = &b->all[b->spine[b->at++]];
		if (item->navigation)
			continue;
		doc->blocks = NULL;
		doc->n_blocks = 0;
		rc = read_chapter(b, item, arena, doc, err);
	} while (rc == 0 && !doc->text.len);
	if (rc < 0)
		return rc;
	describe(b, arena, doc);
	return 1;
}

const struct kb_office_format kb_office_epub = {begin, next, end};
