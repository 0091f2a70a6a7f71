/*
 * Presentations: ppt/presentation.xml and its slides (ECMA-376, part 1: 19,
 * 21.1). A slide's title is its heading, the text of its body a list, other
 * shapes are paragraphs; what the speaker notes stands behind them.
 */
#include <stdlib.h>

#include "base/str.h"
#include "convert/office/office.h"
#include "convert/office/page_text.h"
#include "convert/office/xml_part.h"

#define SLIDES_MAX 16384u

enum shape { OTHER, TITLE, BODY, FURNITURE };

struct slide {
	struct kb_str id, part;
};

struct slides {
	struct kb_office *office;
	struct slide *slides;
	size_t n, cap, at;
	struct kb_str notes; /* part of the slide that is read */

	struct kb_page_text page;
	enum shape shape;
	unsigned level; /* of the paragraph */
	bool in_list;	/* the presentation's list of slides */
	bool begun;	/* the paragraph */
	bool in_table, head, hidden, is_note;
	unsigned text, skip;
};

/* ---- the presentation ---- */

static void open_list(void *arg, const char *name,
		      const char *const *attributes)
{
	struct slides *s = arg;
	struct kb_arena *arena = &s->office->arena;

	if (!strcmp(name, "sldIdLst"))
		s->in_list = true;
	if (strcmp(name, "sldId") || !s->in_list || s->n == SLIDES_MAX)
		return;
	for (const char *const *a = attributes; a && *a; a += 2) {
		if (!kb_ends(*a, strlen(*a), ":id"))
			continue;
		kb_arena_grow(arena, &s->slides, &s->cap, s->n, s->n + 1,
			      sizeof(*s->slides));
		s->slides[s->n++] =
		    (struct slide){.id = kb_arena_copy(arena, kb_str_of(a[1]))};
	}
}

static void close_list(void *arg, const char *name)
{
	struct slides *s = arg;

	if (!strcmp(name, "sldIdLst"))
		s->in_list = false;
}

static void no_text(void *arg, struct kb_str text)
{
	(void)arg;
	(void)text;
}

static int by_id(const void *a, const void *b)
{
	return kb_str_cmp(((const struct slide *)a)->id,
			  ((const struct slide *)b)->id);
}

/* The slides by their ids, while relations are looked up. */
struct lookup {
	struct slides *s;
	struct slide *sorted;
};

static void relation(void *arg, const char *id, const char *kind,
		     struct kb_str target)
{
	struct lookup *l = arg;
	struct slide key = {.id = kb_str_of(id)}, *found;

	if (strcmp(kind, "slide"))
		return;
	found = bsearch(&key, l->sorted, l->s->n, sizeof(key), by_id);
	if (found)
		found->part = kb_arena_copy(&l->s->office->arena, target);
}

static int find_parts(struct slides *s, struct kb_str part, struct kb_err *err)
{
	size_t size = s->n * sizeof(*s->slides);
	struct lookup l = {s, kb_malloc(size + 1)};
	int rc;

	if (s->n) {
		memcpy(l.sorted, s->slides, size);
		qsort(l.sorted, s->n, sizeof(*l.sorted), by_id);
	}
	rc = kb_office_relations(s->office, part, relation, &l, err);
	for (size_t i = 0; i < s->n; i++) {
		const struct slide *found = bsearch(
		    &s->slides[i], l.sorted, s->n, sizeof(*found), by_id);

		if (found)
			s->slides[i].part = found->part;
	}
	free(l.sorted);
	return rc;
}

static int begin(struct kb_office *office, void **state, struct kb_err *err)
{
	struct slides *s = kb_calloc(1, sizeof(*s));
	const struct kb_xml_events events = {
	    .open = open_list, .close = close_list, .text = no_text, .arg = s};
	struct kb_str part;
	int rc;

	s->office = office;
	*state = s;
	rc = kb_office_related(office, "", "officeDocument", &part, err);
	if (!part.len)
		part = KB_STR("ppt/presentation.xml");
	if (rc == 0)
		rc = kb_xml_part(office->zip, part, &events, err);
	if (rc == KB_ENOENT)
		rc = kb_err_set(err, KB_EFORMAT,
				"is damaged: its list of slides is missing");
	if (rc == 0)
		rc = find_parts(s, part, err);
	if (rc == 0)
		rc = kb_office_properties(office, "docProps/core.xml", err);
	return rc;
}

static void end(void *state)
{
	free(state);
}

/* ---- a slide ---- */

static void set_lists(struct slides *s, unsigned depth)
{
	while (s->page.html.lists > depth)
		kb_page_text_close(&s->page, "ul");
	while (s->page.html.lists < depth)
		kb_page_text_open(&s->page, "ul");
}

static void begin_paragraph(struct slides *s)
{
	if (s->begun)
		return;
	s->begun = true;
	if (s->in_table) {
		kb_page_text_open(&s->page, "p");
	} else if (s->shape == BODY && !s->is_note) {
		set_lists(s, s->level + 1);
		kb_page_text_open(&s->page, "li");
	} else {
		set_lists(s, 0);
		kb_page_text_open(&s->page, s->shape == TITLE ? "h1" : "p");
	}
}

static void end_paragraph(struct slides *s)
{
	if (s->begun && s->shape == TITLE && !s->in_table)
		kb_page_text_close(&s->page, "h1");
	else if (s->begun)
		kb_page_text_close(&s->page, "p");
	s->begun = false;
}

static enum shape shape_of(const char *type)
{
	if (!type || !strcmp(type, "body") || !strcmp(type, "obj"))
		return BODY;
	if (!strcmp(type, "title") || !strcmp(type, "ctrTitle"))
		return TITLE;
	return !strcmp(type, "sldNum") || !strcmp(type, "dt") ||
		       !strcmp(type, "ftr") || !strcmp(type, "hdr") ||
		       !strcmp(type, "sldImg")
		   ? FURNITURE
		   : OTHER;
}

static unsigned span(const char *value)
{
	int n = kb_xml_number(value);

	return n < 1 ? 1 : n > KB_HTML_COLUMNS ? KB_HTML_COLUMNS : (unsigned)n;
}

/* A cell that another one spans is written with that. */
static void open_cell(struct slides *s, const char *const *attributes)
{
	if (kb_xml_attribute(attributes, "hMerge") ||
	    kb_xml_attribute(attributes, "vMerge")) {
		s->skip++;
		return;
	}
	kb_page_text_cell(&s->page, s->head,
			  span(kb_xml_attribute(attributes, "gridSpan")),
			  span(kb_xml_attribute(attributes, "rowSpan")));
}

static void open_element(void *arg, const char *name,
			 const char *const *attributes)
{
	struct slides *s = arg;

	if (s->skip || !strcmp(name, "Fallback")) {
		s->skip++;
	} else if (!strcmp(name, "sld")) {
		const char *show = kb_xml_attribute(attributes, "show");

		s->hidden = show && (*show == '0' || *show == 'f');
	} else if (!strcmp(name, "sp") || !strcmp(name, "graphicFrame")) {
		s->shape = OTHER;
	} else if (!strcmp(name, "ph")) {
		s->shape = shape_of(kb_xml_attribute(attributes, "type"));
	} else if (!strcmp(name, "p")) {
		s->level = 0;
		s->begun = false;
	} else if (!strcmp(name, "pPr")) {
		int n = kb_xml_number(kb_xml_attribute(attributes, "lvl"));

		s->level = n < 0	       ? 0
			   : n < KB_HTML_LISTS ? (unsigned)n
					       : KB_HTML_LISTS - 1;
	} else if (!strcmp(name, "t")) {
		s->text++;
	} else if (!strcmp(name, "br") && s->begun) {
		kb_page_text_open(&s->page, "br");
	} else if (!strcmp(name, "tbl")) {
		set_lists(s, 0);
		s->in_table = s->head = true;
		kb_page_text_open(&s->page, "table");
	} else if (!strcmp(name, "tr") && s->in_table) {
		kb_page_text_open(&s->page, "tr");
	} else if (!strcmp(name, "tc") && s->in_table) {
		open_cell(s, attributes);
	}
}

static void close_element(void *arg, const char *name)
{
	struct slides *s = arg;

	if (s->skip) {
		s->skip--;
	} else if (!strcmp(name, "t")) {
		s->text -= s->text > 0;
	} else if (!strcmp(name, "p")) {
		end_paragraph(s);
	} else if (!strcmp(name, "tr") && s->in_table) {
		kb_page_text_close(&s->page, "tr");
		s->head = false;
	} else if (!strcmp(name, "tbl")) {
		kb_page_text_close(&s->page, "table");
		s->in_table = false;
	} else if (!strcmp(name, "sp")) {
		set_lists(s, 0);
	}
}

static void element_text(void *arg, struct kb_str text)
{
	struct slides *s = arg;

	if (!s->text || s->skip || s->shape == FURNITURE)
		return;
	begin_paragraph(s);
	kb_page_text_put(&s->page, text);
}

static void find_notes(void *arg, const char *id, const char *kind,
		       struct kb_str target)
{
	struct slides *s = arg;

	(void)id;
	if (!strcmp(kind, "notesSlide"))
		s->notes = kb_arena_copy(&s->office->arena, target);
}

static int read_shapes(struct slides *s, struct kb_str part, bool notes,
		       struct kb_err *err)
{
	const struct kb_xml_events events = {.open = open_element,
					     .close = close_element,
					     .text = element_text,
					     .arg = s,
					     .enough = &s->page.full};

	s->shape = OTHER;
	s->in_table = s->begun = false;
	s->text = s->skip = 0;
	s->is_note = notes;
	return kb_xml_part(s->office->zip, part, &events, err);
}

/* With its notes. */
static int read_slide(struct slides *s, struct kb_str part, struct kb_err *err)
{
	int rc = read_shapes(s, part, false, err);

	s->notes.len = 0;
	if (rc == KB_ENOENT)
		return kb_err_set(err, KB_EFORMAT,
				  "is damaged: a slide is missing");
	if (rc == 0)
		rc = kb_office_relations(s->office, part, find_notes, s, err);
	kb_html_close_all(&s->page.html);
	if (rc == 0 && s->notes.len && !s->hidden)
		rc = read_shapes(s, s->notes, true, err);
	return rc == KB_ENOENT ? 0 : rc;
}

static void describe(struct slides *s, struct kb_arena *arena,
		     struct kb_doc *doc)
{
	struct kb_str own = kb_doc_first_heading(doc, 1);

	doc->title = kb_arena_copy(arena, own.len ? own : s->office->title);
	if (own.len && s->office->title.len)
		doc->title = kb_str_of(kb_arena_printf(arena, "%s - %.*s",
						       s->office->title.ptr,
						       (int)own.len, own.ptr));
	doc->id =
	    kb_str_of(kb_arena_printf(arena, "%s#%zu", s->office->name, s->at));
	kb_office_describe(s->office, arena, doc, "slide",
			   (struct kb_str){"", 0}, (unsigned)s->at);
}

static int next(struct kb_office *office, void *state, struct kb_arena *arena,
		struct kb_doc *doc, struct kb_err *err)
{
	struct slides *s = state;
	int rc;

	do {
		if (s->at == s->n)
			return 0;
		doc->blocks = NULL;
		doc->n_blocks = 0;
		s->hidden = false;
		kb_page_text_begin(&s->page, doc, arena, office->max_text);
		rc = read_slide(s, s->slides[s->at++].part, err);
		if (rc < 0) {
			kb_page_text_drop(&s->page);
			return rc;
		}
		rc = kb_page_text_end(&s->page, err);
	} while (rc == 0 && (s->hidden || !doc->text.len));
	if (rc < 0)
		return rc;
	describe(s, arena, doc);
	return 1;
}

const struct kb_office_format kb_office_slides = {begin, next, end};
