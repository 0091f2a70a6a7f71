#include "convert/office/word_styles.h"

#include <assert.h>
#include <limits.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "convert/office/xml_part.h"

#define BASES_MAX 16	 /* styles, each based on the next */
#define ITEMS_MAX 65536u /* styles, and lists; more are as the last */

static uint64_t key_of(struct kb_str s)
{
	return kb_hash64(s.ptr, s.len, 0) | 1;
}

static struct kb_str copy(struct kb_arena *arena, const char *value)
{
	return value ? kb_arena_copy(arena, kb_str_of(value))
		     : (struct kb_str){"", 0};
}

static int number(const char *value, int otherwise)
{
	int n = kb_xml_number(value);

	return n < 0 ? otherwise : n;
}

/* A map's value is a pointer. */
static void *get(const struct kb_map *map, uint64_t key)
{
	const uint64_t *value = kb_map_get(map, key);

	return value ? (void *)(uintptr_t)*value : NULL;
}

static void *make(struct kb_map *map, uint64_t key, struct kb_arena *arena,
		  size_t size)
{
	bool added;
	uint64_t *value = kb_map_put(map, map->n < ITEMS_MAX ? key : 0, &added);

	if (added)
		*value = (uint64_t)(uintptr_t)kb_arena_calloc(arena, 1, size);
	return (void *)(uintptr_t)*value;
}

/* ---- styles ---- */

struct styles_part {
	struct kb_word_styles *to;
	struct kb_word_style *style; /* open */
};

/* "heading 2" is 2. */
static int heading_of(struct kb_str name)
{
	size_t n = kb_starts_folded(name.ptr, name.len, "heading ");

	return n && name.len == n + 1 && name.ptr[n] >= '1' &&
		       name.ptr[n] <= '9'
		   ? name.ptr[n] - '0'
		   : 0;
}

static void take_name(struct kb_word_style *s, struct kb_str name)
{
	if (!s->heading)
		s->heading = heading_of(name);
	s->title = kb_str_is_folded(name, "title");
	s->contents =
	    kb_starts_folded(name.ptr, name.len, "toc ") > 0 && name.len == 5;
	s->code = kb_str_is_folded(name, "source code") ||
		  kb_str_is_folded(name, "code") ||
		  kb_str_is_folded(name, "code block") ||
		  kb_str_is_folded(name, "html preformatted") ||
		  kb_str_is_folded(name, "plain text code");
}

static void open_style(void *arg, const char *name,
		       const char *const *attributes)
{
	struct styles_part *p = arg;
	const char *value = kb_xml_attribute(attributes, "val");

	if (!strcmp(name, "style")) {
		const char *id = kb_xml_attribute(attributes, "styleId");

		p->style = make(&p->to->styles, key_of(copy(p->to->arena, id)),
				p->to->arena, sizeof(*p->style));
		*p->style = (struct kb_word_style){.list = -1, .level = -1};
	} else if (!p->style || !value) {
		return;
	} else if (!strcmp(name, "name")) {
		take_name(p->style, kb_str_of(value));
	} else if (!strcmp(name, "basedOn")) {
		p->style->based_on = copy(p->to->arena, value);
	} else if (!strcmp(name, "outlineLvl")) {
		int level = number(value, 9);

		p->style->heading = level >= 0 && level < 9 ? level + 1 : 0;
	} else if (!strcmp(name, "numId")) {
		p->style->list = number(value, -1);
	} else if (!strcmp(name, "ilvl")) {
		p->style->level = number(value, -1);
	}
}

static void close_style(void *arg, const char *name)
{
	struct styles_part *p = arg;

	if (!strcmp(name, "style"))
		p->style = NULL;
}

static void no_text(void *arg, struct kb_str text)
{
	(void)arg;
	(void)text;
}

struct kb_word_style kb_word_style_get(const struct kb_word_styles *styles,
				       struct kb_str id)
{
	struct kb_word_style found = {.list = -1, .level = -1};

	for (int i = 0; i < BASES_MAX && id.len; i++) {
		const struct kb_word_style *s =
		    get(&styles->styles, key_of(id));

		if (!s)
			break;
		if (!found.heading)
			found.heading = s->heading;
		if (found.list < 0)
			found.list = s->list;
		if (found.level < 0)
			found.level = s->level;
		found.title |= s->title;
		found.code |= s->code;
		found.contents |= s->contents;
		id = s->based_on;
	}
	return found;
}

/* ---- runs ---- */

static bool is_on(const char *value)
{
	return !value || (strcmp(value, "0") && strcmp(value, "false") &&
			  strcmp(value, "off") && strcmp(value, "none"));
}

void kb_word_run_property(struct kb_word_run *run, const char *name,
			  const char *value)
{
	if (!strcmp(name, "strike") || !strcmp(name, "dstrike")) {
		run->struck |= is_on(value);
	} else if (!strcmp(name, "vanish")) {
		run->hidden = is_on(value);
	} else if (!strcmp(name, "vertAlign") && value) {
		run->raised = !strcmp(value, "superscript") ? "sup"
			      : !strcmp(value, "subscript") ? "sub"
							    : NULL;
	}
}

/* ---- lists ---- */

struct numbers_part {
	struct kb_word_styles *to;
	struct kb_word_list *form, *list; /* open */
	int level;			  /* open in it, -1: none */
};

static void new_levels(struct kb_word_list *list)
{
	for (int i = 0; i < KB_WORD_LEVELS; i++)
		list->levels[i] = (struct kb_word_level){
		    .format = {"decimal", 7}, .text = {"", 0}, .start = 1};
}

static void open_level(struct numbers_part *p, const char *const *attributes)
{
	p->level = number(kb_xml_attribute(attributes, "ilvl"), -1);
	if (p->level >= KB_WORD_LEVELS)
		p->level = -1;
}

static void open_number(void *arg, const char *name,
			const char *const *attributes)
{
	struct numbers_part *p = arg;
	const char *value = kb_xml_attribute(attributes, "val");
	struct kb_word_list *list = p->form ? p->form : p->list;
	struct kb_word_level *level =
	    list && p->level >= 0 ? &list->levels[p->level] : NULL;
	int n;

	if (!strcmp(name, "abstractNum")) {
		n = number(kb_xml_attribute(attributes, "abstractNumId"), 0);
		p->form = make(&p->to->forms, (uint64_t)n + 2, p->to->arena,
			       sizeof(*p->form));
		new_levels(p->form);
	} else if (!strcmp(name, "num")) {
		n = number(kb_xml_attribute(attributes, "numId"), 0);
		p->list = make(&p->to->lists, (uint64_t)n + 2, p->to->arena,
			       sizeof(*p->list));
		new_levels(p->list);
	} else if (!strcmp(name, "abstractNumId") && p->list) {
		const struct kb_word_list *form =
		    get(&p->to->forms, (uint64_t)number(value, 0) + 2);

		if (form)
			*p->list = *form;
	} else if (!strcmp(name, "lvl") || !strcmp(name, "lvlOverride")) {
		open_level(p, attributes);
	} else if (!level) {
		return;
	} else if (!strcmp(name, "numFmt")) {
		level->format = copy(p->to->arena, value);
	} else if (!strcmp(name, "lvlText")) {
		level->text = copy(p->to->arena, value);
	} else if (!strcmp(name, "start") || !strcmp(name, "startOverride")) {
		level->start = number(value, 1);
	}
}

static void close_number(void *arg, const char *name)
{
	struct numbers_part *p = arg;

	if (!strcmp(name, "abstractNum"))
		p->form = NULL;
	else if (!strcmp(name, "num"))
		p->list = NULL;
	else if (!strcmp(name, "lvl") || !strcmp(name, "lvlOverride"))
		p->level = -1;
}

struct kb_word_list *kb_word_list_get(const struct kb_word_styles *styles,
				      int number)
{
	return number < 0 ? NULL : get(&styles->lists, (uint64_t)number + 2);
}

/* ---- labels ---- */

static void put_roman(struct kb_buf *out, int n, bool upper)
{
	static const struct {
		int value;
		char text[3];
	} parts[] = {{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"},
		     {100, "c"},  {90, "xc"},  {50, "l"},  {40, "xl"},
		     {10, "x"},	  {9, "ix"},   {5, "v"},   {4, "iv"},
		     {1, "i"}};
	size_t from = out->len;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		for (; n >= parts[i].value; n -= parts[i].value)
			kb_buf_add_cstr(out, parts[i].text);
	for (; upper && from < out->len; from++)
		out->ptr[from] = (char)(out->ptr[from] - 'a' + 'A');
}

/* Up to 99, as headings are counted; beyond, digits. */
static void put_chinese(struct kb_buf *out, int n)
{
	static const char digits[][4] = {"",   "一", "二", "三", "四",
					 "五", "六", "七", "八", "九"};

	if (n > 99) {
		kb_buf_printf(out, "%d", n);
		return;
	}
	if (n >= 20)
		kb_buf_add_cstr(out, digits[n / 10]);
	if (n >= 10)
		kb_buf_add_cstr(out, "十");
	kb_buf_add_cstr(out, digits[n % 10]);
}

static void put_number(struct kb_buf *out, struct kb_str format, int n)
{
	if (kb_str_is(format, "upperRoman") && n < 4000)
		put_roman(out, n, true);
	else if (kb_str_is(format, "lowerRoman") && n < 4000)
		put_roman(out, n, false);
	else if (kb_str_is(format, "upperLetter") && n >= 1 && n <= 26)
		kb_buf_add_char(out, (char)('A' + n - 1));
	else if (kb_str_is(format, "lowerLetter") && n >= 1 && n <= 26)
		kb_buf_add_char(out, (char)('a' + n - 1));
	else if (kb_str_has(format, KB_STR("hinese")) ||
		 kb_str_has(format, KB_STR("japaneseCounting")) ||
		 kb_str_is(format, "ideographDigital"))
		put_chinese(out, n);
	else if (!kb_str_is(format, "none"))
		kb_buf_printf(out, "%d", n);
}

int kb_word_list_next(struct kb_word_list *list, int level, struct kb_buf *out)
{
	struct kb_str text = list->levels[level].text;
	struct kb_word_level *l = &list->levels[level];
	bool alone;

	assert(level >= 0 && level < KB_WORD_LEVELS);
	if (list->counts[level] < INT_MAX - 1)
		list->counts[level] = list->counts[level]
					  ? list->counts[level] + 1
					  : l->start + (l->start < 1);
	for (int i = level + 1; i < KB_WORD_LEVELS; i++)
		list->counts[i] = 0;
	if (kb_str_is(l->format, "bullet") || kb_str_is(l->format, "none"))
		return 0;
	for (size_t i = 0; i < text.len; i++) {
		int at = i + 1 < text.len ? text.ptr[i + 1] - '1' : -1;

		if (text.ptr[i] != '%' || at < 0 || at >= KB_WORD_LEVELS) {
			kb_buf_add_char(out, text.ptr[i]);
			continue;
		}
		put_number(out, list->levels[at].format,
			   list->counts[at] ? list->counts[at]
					    : list->levels[at].start);
		i++;
	}
	alone = kb_str_is(l->format, "decimal") && text.len == 3 &&
		text.ptr[0] == '%' && text.ptr[1] == '1' + level &&
		text.ptr[2] == '.';
	return alone ? list->counts[level] : 0;
}

/* ---- both ---- */

static int read_part(struct kb_zip *zip, struct kb_str directory,
		     const char *name, const struct kb_xml_events *events,
		     struct kb_arena *arena, struct kb_err *err)
{
	struct kb_str path = kb_arena_join(arena, directory, kb_str_of(name));
	int rc = kb_xml_part(zip, path, events, err);

	return rc == KB_ENOENT ? 0 : rc;
}

int kb_word_styles_read(struct kb_word_styles *styles, struct kb_zip *zip,
			struct kb_str directory, struct kb_arena *arena,
			struct kb_err *err)
{
	struct styles_part styles_part = {.to = styles};
	struct numbers_part numbers_part = {.to = styles, .level = -1};
	const struct kb_xml_events style = {.open = open_style,
					    .close = close_style,
					    .text = no_text,
					    .arg = &styles_part};
	const struct kb_xml_events numbers = {.open = open_number,
					      .close = close_number,
					      .text = no_text,
					      .arg = &numbers_part};
	int rc;

	*styles = (struct kb_word_styles){.arena = arena};
	kb_map_init(&styles->styles);
	kb_map_init(&styles->forms);
	kb_map_init(&styles->lists);
	rc = read_part(zip, directory, "styles.xml", &style, arena, err);
	if (rc == 0)
		rc = read_part(zip, directory, "numbering.xml", &numbers, arena,
			       err);
	if (rc < 0)
		kb_word_styles_release(styles);
	return rc;
}

void kb_word_styles_release(struct kb_word_styles *styles)
{
	kb_map_release(&styles->styles);
	kb_map_release(&styles->forms);
	kb_map_release(&styles->lists);
}
