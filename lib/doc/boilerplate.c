#include "doc/boilerplate.h"

#include <assert.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/str.h"
#include "doc/boilerplate_weights.h"
#include "doc/html.h"

#define NONE UINT32_MAX

enum {
	IS_NAMED = 1,  /* as what is no content */
	IS_MAIN = 2,   /* says that it is the main content */
	IS_CALLED = 4, /* is called so */
	IS_LIST = 8,   /* may be a list of links */
	IS_LINK = 16,
	IS_FRAME = 32,	 /* header, footer, aside: of the page, or of a part */
	IS_HIDDEN = 64,	 /* never text; see kb_html_is_dropped() */
	IS_ANCHOR = 128, /* a link to its own place */
	HAS_MAIN = 256,
	HAS_TITLE = 512, /* an <h1> */
	IN_MAIN = 1024,
	IS_KEPT = 2048,
	IS_OUT = 4096,
	IS_LINKED = 8192, /* a list of links, or in one */
};

/* A block, a link, or an element with a telling name. */
struct element {
	uint32_t number, parent;
	uint32_t text, linked; /* bytes but white space, with all within */
	uint32_t links;
	uint32_t flags;
};

struct outline {
	struct element *items;
	size_t n, cap;
	uint32_t number;		  /* of elements opened */
	uint32_t open[KB_HTML_DEPTH + 8]; /* elements, or NONE */
	unsigned depth;
	bool too_many;
	char anchor[4]; /* text of the link that is open */
};

/* ---- names ---- */

static bool is_one_of(struct kb_str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_is_folded(word, list[i]))
			return true;
	return false;
}

#define ONE_OF(word, list) is_one_of(word, list, sizeof(list) / sizeof(*(list)))

/* Parts of the names that authors give to what is on every page. */
static bool is_site_word(struct kb_str word)
{
	static const char *const words[] = {"nav",	    "navbar",
					    "navbox",	    "navigation",
					    "menu",	    "menubar",
					    "sidebar",	    "breadcrumb",
					    "breadcrumbs",  "crumbs",
					    "footer",	    "colophon",
					    "masthead",	    "topbar",
					    "cookie",	    "cookies",
					    "consent",	    "gdpr",
					    "banner",	    "share",
					    "sharing",	    "social",
					    "related",	    "recommend",
					    "recommended",  "recommendations",
					    "advert",	    "advertisement",
					    "ads",	    "ad",
					    "sponsor",	    "sponsored",
					    "promo",	    "popup",
					    "modal",	    "newsletter",
					    "subscribe",    "pagination",
					    "pager",	    "toolbar",
					    "skip",	    "skiplink",
					    "toc",	    "editsection",
					    "noprint",	    "catlinks",
					    "sitemap",	    "widget",
					    "sphinxsidebar"};

	return ONE_OF(word, words);
}

static bool is_main_name(struct kb_str name)
{
	static const char *const names[] = {
	    "content",	    "main",	    "main-content", "maincontent",
	    "bodycontent",  "article-body", "post-content", "entry-content",
	    "page-content", "markdown-body"};

	return ONE_OF(name, names);
}

static uint32_t role_flags(struct kb_str role)
{
	static const char *const site[] = {
	    "navigation", "banner",	"contentinfo",	 "search",
	    "menu",	  "menubar",	"complementary", "toolbar",
	    "dialog",	  "alertdialog"};

	if (kb_str_is_folded(role, "main"))
		return IS_MAIN;
	return ONE_OF(role, site) ? IS_NAMED : 0;
}

/* A class or an id: names parted by blanks, of words parted by marks. */
static uint32_t name_flags(struct kb_str value)
{
	uint32_t flags = 0;
	size_t name = 0, word = 0;

	for (size_t i = 0; i <= value.len; i++) {
		bool end = i == value.len || kb_is_space(value.ptr[i]);

		if (!end && kb_is_alnum(value.ptr[i]))
			continue;
		if (is_site_word((struct kb_str){value.ptr + word, i - word}))
			flags |= IS_NAMED;
		if (end &&
		    is_main_name((struct kb_str){value.ptr + name, i - name}))
			flags |= IS_CALLED;
		word = i + 1;
		if (end)
			name = i + 1;
	}
	return flags;
}

static uint32_t attribute_flags(const char *const *attributes)
{
	uint32_t flags = 0;

	for (; attributes && attributes[0]; attributes += 2) {
		struct kb_str value =
		    kb_str_of(attributes[1] ? attributes[1] : "");

		if (!strcmp(attributes[0], "role"))
			flags |= role_flags(kb_str_trim(value));
		else if (!strcmp(attributes[0], "class") ||
			 !strcmp(attributes[0], "id"))
			flags |= name_flags(value);
	}
	return flags;
}

static uint32_t element_flags(const char *name)
{
	static const char *const lists[] = {"div", "ul", "ol",	  "section",
					    "p",   "td", "table", "form"};
	static const char *const frames[] = {"header", "footer", "aside"};

	if (kb_html_is_dropped(name))
		return IS_HIDDEN;
	if (!strcmp(name, "a"))
		return IS_LINK;
	if (!strcmp(name, "main"))
		return IS_MAIN;
	if (!strcmp(name, "article"))
		return IS_CALLED;
	if (!strcmp(name, "h1"))
		return HAS_TITLE;
	if (ONE_OF(kb_str_of(name), frames))
		return IS_FRAME;
	return ONE_OF(kb_str_of(name), lists) ? IS_LIST : 0;
}

/* ---- the outline ---- */

/* The innermost element that is open and noted. */
static uint32_t innermost(const struct outline *o)
{
	for (unsigned i = o->depth; i-- > 0;)
		if (o->open[i] != NONE)
			return o->open[i];
	return NONE;
}

/* Main content in what is never text: its end tag is missing. */
static void show_hidden(struct outline *o)
{
	for (uint32_t i = innermost(o); i != NONE; i = o->items[i].parent)
		o->items[i].flags &= ~(uint32_t)IS_HIDDEN;
}

static void open_tag(void *arg, const char *name, const char *const *attributes)
{
	struct outline *o = arg;
	uint32_t flags = element_flags(name) | attribute_flags(attributes);
	uint32_t number = o->number++, index = NONE;

	o->too_many |= o->n == KB_BOILERPLATE_ELEMENTS;
	if (flags && !o->too_many) {
		if (!strcmp(name, "main") || !strcmp(name, "article"))
			show_hidden(o);
		/* what the page is called says nothing of its parts */
		if (!strcmp(name, "body") || !strcmp(name, "html"))
			flags = 0;
		kb_grow(&o->items, &o->cap, o->n + 1, sizeof(*o->items));
		index = (uint32_t)o->n++;
		o->items[index] =
		    (struct element){number, innermost(o), 0, 0, 0, flags};
		o->items[index].links = (flags & IS_LINK) != 0;
		memset(o->anchor, 0, sizeof(o->anchor));
	}
	if (o->depth < sizeof(o->open) / sizeof(*o->open))
		o->open[o->depth++] = index;
}

/* A pilcrow, a number sign, a section sign, or a link's picture. */
static bool is_anchor_sign(const char sign[4])
{
	return !memcmp(sign, "\xc2\xb6\0", 4) || !memcmp(sign, "#\0\0", 4) ||
	       !memcmp(sign, "\xc2\xa7\0", 4) ||
	       !memcmp(sign, "\xf0\x9f\x94\x97", 4);
}

static void close_tag(void *arg, const char *name)
{
	struct outline *o = arg;
	uint32_t index = o->depth ? o->open[--o->depth] : NONE;
	struct element *e;

	(void)name;
	if (index == NONE)
		return;
	e = &o->items[index];
	if (e->flags & IS_LINK) {
		e->linked = e->text;
		if (e->text && e->text <= 4 && is_anchor_sign(o->anchor))
			e->flags |= IS_ANCHOR;
	}
}

static void add_text(void *arg, struct kb_str t, uint32_t line)
{
	struct outline *o = arg;
	uint32_t index = innermost(o), n = 0;
	struct element *e;

	(void)line;
	if (index == NONE)
		return;
	e = &o->items[index];
	for (size_t i = 0; i < t.len; i++) {
		if ((unsigned char)t.ptr[i] <= ' ')
			continue;
		if (e->flags & IS_LINK && e->text + n < 4)
			o->anchor[e->text + n] = t.ptr[i];
		n++;
	}
	e->text += n;
}

static void close_all(void *arg)
{
	struct outline *o = arg;

	while (o->depth)
		close_tag(o, "");
}

/* ---- sums ---- */

/* Texts go up to the parents, and whether main content is within goes down;
 * parents stand before what they hold. 'all' gets what has no parent. */
static void add_up(struct outline *o, struct element *all)
{
	for (size_t i = o->n; i-- > 0;) {
		struct element *e = &o->items[i];
		struct element *up =
		    e->parent == NONE ? all : &o->items[e->parent];

		if (e->flags & IS_HIDDEN)
			continue;
		up->text += e->text;
		up->linked += e->linked;
		up->links += e->links;
		if (e->flags & (IS_MAIN | HAS_MAIN))
			up->flags |= HAS_MAIN;
		up->flags |= e->flags & HAS_TITLE;
	}
	for (size_t i = 0; i < o->n; i++) {
		struct element *e = &o->items[i];
		const struct element *up =
		    e->parent == NONE ? NULL : &o->items[e->parent];

		if (up && (up->flags & (IN_MAIN | IS_MAIN | IS_CALLED)))
			e->flags |= IN_MAIN;
	}
}

static bool is_share(uint64_t part, uint64_t whole, unsigned percent)
{
	return part * 100 >= whole * percent;
}

static uint32_t beside_links(const struct element *e)
{
	return e->text - (e->linked < e->text ? e->linked : e->text);
}

/* Is it what its name says: no content? */
static bool is_site_part(const struct element *e, const struct element *all)
{
	bool links = e->links && is_share(e->linked, e->text, 50);

	if (e->flags & IS_ANCHOR)
		return true;
	if (e->flags & (IS_MAIN | HAS_MAIN))
		return false;
	if (!(e->flags & IS_NAMED) &&
	    (!(e->flags & IS_FRAME) || e->flags & (IN_MAIN | HAS_TITLE)))
		return false;
	return !is_share(e->text, all->text,
			 links ? NAMED_LINKS_SHARE_MAX : NAMED_SHARE_MAX);
}

static bool is_link_list(const struct element *e, const struct element *all)
{
	(void)all;
	return (e->flags & IS_LIST) &&
	       !(e->flags & (IN_MAIN | IS_MAIN | HAS_MAIN | IS_CALLED)) &&
	       e->links >= LINKS_MIN &&
	       is_share(e->linked, e->text, LINKS_SHARE_MIN);
}

/* The element that holds the page's main content, or NONE: the one that says
 * so, when only one does, or is called so. */
static uint32_t find_main(const struct outline *o, const struct element *all)
{
	uint32_t found[2] = {NONE, NONE};
	bool many[2] = {false, false};

	for (size_t i = 0; i < o->n; i++) {
		const struct element *e = &o->items[i];
		bool called = !(e->flags & IS_MAIN);

		if (!(e->flags & (IS_MAIN | IS_CALLED)) ||
		    e->flags & (IN_MAIN | IS_HIDDEN | IS_NAMED | IS_OUT))
			continue;
		many[called] |= found[called] != NONE;
		found[called] = (uint32_t)i;
	}
	for (int called = 0; called < 2; called++) {
		uint32_t i = found[called];

		if (i == NONE || many[called])
			continue;
		if (called
			? is_share(beside_links(&o->items[i]),
				   beside_links(all), NAMED_MAIN_MIN)
			: is_share(o->items[i].text, all->text, MAIN_SHARE_MIN))
			return i;
	}
	return NONE;
}

/* ---- the decision ---- */

/* Mark what 'is' says, and what lies within; gives the text of it. */
static uint64_t take_out(struct outline *o, const struct element *all,
			 uint32_t mark,
			 bool (*is)(const struct element *e,
				    const struct element *all))
{
	uint64_t gone = 0;

	for (size_t i = 0; i < o->n; i++) {
		struct element *e = &o->items[i];
		uint32_t above =
		    e->parent == NONE ? 0 : o->items[e->parent].flags;

		e->flags |= above & (IS_OUT | mark);
		if (e->flags & (IS_OUT | mark | IS_HIDDEN) || !is(e, all))
			continue;
		e->flags |= mark;
		gone += e->text;
	}
	return gone;
}

/* All goes but the main content, what holds it, what it holds, and titles. */
static void keep_main(struct outline *o, uint32_t main)
{
	assert(main < o->n && !(o->items[main].flags & IS_OUT));
	for (uint32_t up = main; up != NONE; up = o->items[up].parent)
		o->items[up].flags |= HAS_MAIN;
	o->items[main].flags |= IS_KEPT;
	for (size_t i = 0; i < o->n; i++) {
		struct element *e = &o->items[i];
		uint32_t above =
		    e->parent == NONE ? 0 : o->items[e->parent].flags;

		e->flags |= above & IS_KEPT;
		if (!(e->flags & (IS_KEPT | HAS_MAIN | HAS_TITLE)))
			e->flags |= IS_OUT;
	}
}

static void decide(struct outline *o)
{
	struct element all = {0};
	uint64_t gone, linked;
	uint32_t main;

	add_up(o, &all);
	gone = take_out(o, &all, IS_OUT, is_site_part);
	main = find_main(o, &all);
	if (main != NONE) {
		keep_main(o, main);
		return;
	}
	linked = take_out(o, &all, IS_LINKED, is_link_list);
	if (gone + linked <= all.text &&
	    is_share(all.text - gone - linked, all.text, LEFT_SHARE_MIN))
		for (size_t i = 0; i < o->n; i++)
			if (o->items[i].flags & IS_LINKED)
				o->items[i].flags |= IS_OUT;
}

static void list_out(const struct outline *o, struct kb_boilerplate *out)
{
	size_t cap = 0;

	for (size_t i = 0; i < o->n; i++) {
		const struct element *e = &o->items[i];

		if (!(e->flags & IS_OUT) ||
		    (e->parent != NONE && o->items[e->parent].flags & IS_OUT))
			continue;
		kb_grow(&out->elements, &cap, out->n + 1,
			sizeof(*out->elements));
		out->elements[out->n++] = e->number;
	}
}

int kb_boilerplate_find(struct kb_str page, struct kb_boilerplate *out,
			struct kb_err *err)
{
	struct outline *o = kb_calloc(1, sizeof(*o));
	const struct kb_html_events events = {
	    .open = open_tag,
	    .close = close_tag,
	    .text = add_text,
	    .reset = close_all,
	    .arg = o,
	};
	int rc;

	*out = (struct kb_boilerplate){0};
	rc = kb_html_parse(page, &events, err);
	if (rc == 0 && !o->too_many) {
		close_all(o);
		decide(o);
		list_out(o, out);
	}
	free(o->items);
	free(o);
	return rc;
}
