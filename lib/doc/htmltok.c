#include "doc/html.h"

#include <strings.h>

#include "base/ascii.h"

static bool is_name_char(char c)
{
	return kb_is_letter(c) || (c >= '0' && c <= '9') || c == '-' ||
	       c == ':';
}

static const char *find(const char *p, const char *end, const char *what)
{
	size_t n = strlen(what);

	return memmem(p, (size_t)(end - p), what, n);
}

/* Elements whose content is no markup up to their end tag. */
static bool is_raw(const char *name)
{
	static const char *const raw[] = {"script",  "style",	"textarea",
					  "title",   "xmp",	"iframe",
					  "noembed", "noframes"};
	size_t i;

	for (i = 0; i < sizeof(raw) / sizeof(raw[0]); i++) {
		if (!strcmp(name, raw[i]))
			return true;
	}
	return false;
}

/* Where "</name" begins from p on; end when it never does. */
static const char *raw_end(const struct kb_html_tokenizer *t)
{
	size_t n = strlen(t->raw_name);
	const char *p = t->p;

	while ((p = find(p, t->end, "</"))) {
		if ((size_t)(t->end - p) > n + 1 &&
		    !strncasecmp(p + 2, t->raw_name, n) &&
		    (p + 2 + n == t->end || !is_name_char(p[2 + n])))
			return p;
		p += 2;
	}
	return t->end;
}

/* Behind the '>' of a tag; quoted values may hold one. */
static const char *tag_end(const char *p, const char *end)
{
	const char *close;
	bool value = false; /* behind '=' : a quote opens a value */

	for (; p < end; p++) {
		if (*p == '>')
			return p + 1;
		if (*p == '=') {
			value = true;
		} else if (value && (*p == '"' || *p == '\'')) {
			close = memchr(p + 1, *p, (size_t)(end - p - 1));
			if (close)
				p = close;
			value = false;
		} else if (*p != ' ' && *p != '\n' && *p != '\t' &&
			   *p != '\r') {
			value = false;
		}
	}
	return end;
}

/* <!-- -->, <!doctype>, <![CDATA[ ]]>, <?xml ?>: behind it, or NULL. */
static const char *skip_declaration(const struct kb_html_tokenizer *t,
				    struct kb_str *cdata)
{
	const char *p = t->p, *close;
	size_t left = (size_t)(t->end - p);

	*cdata = (struct kb_str){NULL, 0};
	if (left >= 4 && !memcmp(p, "<!--", 4)) {
		close = find(p + 4, t->end, "-->");
		return close ? close + 3 : t->end;
	}
	if (left >= 9 && !memcmp(p, "<![CDATA[", 9)) {
		close = find(p + 9, t->end, "]]>");
		*cdata = (struct kb_str){
		    p + 9, (size_t)((close ? close : t->end) - (p + 9))};
		return close ? close + 3 : t->end;
	}
	if (left >= 2 && (p[1] == '!' || p[1] == '?')) {
		close = memchr(p, '>', left);
		return close ? close + 1 : t->end;
	}
	return NULL;
}

static void read_name(const char *p, const char *end, char name[16])
{
	size_t n = 0;

	for (; p < end && is_name_char(*p); p++) {
		if (n < 15)
			name[n++] = kb_lower(*p);
	}
	name[n] = '\0';
}

static void take_text(struct kb_html_tokenizer *t, struct kb_html_token *tok,
		      const char *stop)
{
	tok->type = KB_HTML_TEXT;
	tok->text = (struct kb_str){t->p, (size_t)(stop - t->p)};
	t->p = stop;
}

/* The next '<' that begins markup, from p on. */
static const char *next_markup(const char *p, const char *end)
{
	while ((p = memchr(p, '<', (size_t)(end - p)))) {
		if (p + 1 < end &&
		    (kb_is_letter(p[1]) || p[1] == '!' || p[1] == '?' ||
		     (p[1] == '/' && p + 2 < end && kb_is_letter(p[2]))))
			return p;
		p++;
	}
	return end;
}

void kb_html_next(struct kb_html_tokenizer *t, struct kb_html_token *tok)
{
	const char *stop;

	*tok = (struct kb_html_token){.type = KB_HTML_END};
	if (t->raw_name[0]) {
		stop = raw_end(t);
		tok->raw = strcmp(t->raw_name, "title") &&
			   strcmp(t->raw_name, "textarea") &&
			   strcmp(t->raw_name, "xmp");
		t->raw_name[0] = '\0';
		if (stop > t->p) {
			take_text(t, tok, stop);
			return;
		}
		tok->raw = false;
	}
	while (t->p < t->end) {
		stop = next_markup(t->p, t->end);
		if (stop > t->p) {
			take_text(t, tok, stop);
			return;
		}
		stop = skip_declaration(t, &tok->text);
		if (!stop)
			break;
		t->p = stop;
		if (tok->text.ptr) {
			tok->type = KB_HTML_TEXT;
			return;
		}
	}
	if (t->p >= t->end)
		return;
	tok->type = t->p[1] == '/' ? KB_HTML_CLOSE : KB_HTML_OPEN;
	read_name(t->p + 1 + (t->p[1] == '/'), t->end, tok->name);
	t->p = tag_end(t->p + 1, t->end);
	if (tok->type == KB_HTML_OPEN && is_raw(tok->name) && t->p[-2] != '/')
		memcpy(t->raw_name, tok->name, sizeof(tok->name));
}
