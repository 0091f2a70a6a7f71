/* A line of mdoc(7): the macros that stand in text. */
#include <string.h>

#include "doc/roff/roff.h"

/* What stands around the words behind a macro, to the end of the line. */
static const struct enclosure {
	const char *name, *open, *close;
} enclosures[] = {
    {"Op", "[", "]"},  {"Dq", "“", "”"}, {"Qq", "\"", "\""}, {"Sq", "‘", "’"},
    {"Ql", "‘", "’"},  {"Pq", "(", ")"}, {"Bq", "[", "]"},   {"Bo", "[", ""},
    {"Brq", "{", "}"}, {"Aq", "<", ">"}, {"Oo", "[", ""},    {"Oc", "", "]"},
    {"Do", "“", ""},   {"Dc", "", "”"},	 {"Qo", "\"", ""},   {"Qc", "", "\""},
    {"So", "‘", ""},   {"Sc", "", "’"},	 {"Po", "(", ""},    {"Pc", "", ")"},
    {"Bc", "", "]"},   {"Bro", "{", ""}, {"Brc", "", "}"},   {"Ao", "<", ""},
    {"Ac", "", ">"},
};

static const struct enclosure *enclosure_of(struct kb_str name)
{
	for (size_t i = 0; i < sizeof(enclosures) / sizeof(*enclosures); i++)
		if (kb_str_is(name, enclosures[i].name))
			return &enclosures[i];
	return NULL;
}

/* Macros whose words are text, the others have rules of their own. */
static bool is_plain(struct kb_str name)
{
	static const char names[] =
	    " Ad An Ar Cd Cm Dv Em Er Ev Fa Fd Ft Ic In "
	    "Li Lk Ms Mt No Nx Ox Pa Bx Fx Ux St Sx Sy "
	    "Tn Va Vt Xo Xc Nd ";
	char key[6] = " ";

	if (name.len < 2 || name.len > 3)
		return false;
	memcpy(key + 1, name.ptr, name.len);
	key[name.len + 1] = ' ';
	return strstr(names, key) != NULL;
}

bool kb_mdoc_is_inline(struct kb_str name)
{
	static const char *const own[] = {"Fl", "Nm", "Xr", "Ns",
					  "Ap", "Pf", "Fn", "Ta"};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (kb_str_is(name, own[i]))
			return true;
	return is_plain(name) || enclosure_of(name);
}

static bool is_one_of(struct kb_str word, const char *marks)
{
	return word.len == 1 && strchr(marks, *word.ptr);
}

static void add_word(struct kb_mdoc *m, const char *before, struct kb_str word,
		     const char *behind)
{
	bool closes = is_one_of(word, ".,;:)]?!");

	if (m->out->len && !m->glued && !closes)
		kb_buf_add_char(m->out, ' ');
	kb_buf_add_cstr(m->out, before);
	kb_roff_add_word(m->out, word);
	kb_buf_add_cstr(m->out, behind);
	m->glued = is_one_of(word, "([");
}

/* A mark by itself, joined to what follows or to what was before. */
static void add_mark(struct kb_mdoc *m, const char *mark, bool opens)
{
	if (!*mark)
		return;
	if (opens && m->out->len && !m->glued)
		kb_buf_add_char(m->out, ' ');
	kb_buf_add_cstr(m->out, mark);
	m->glued = opens;
}

/* Marks of punctuation that end the line stand outside. */
static void add_enclosed(struct kb_mdoc *m, const struct enclosure *e,
			 const struct kb_str *words, size_t n)
{
	size_t inner = n;

	while (inner && is_one_of(words[inner - 1], ".,;:)]?!"))
		inner--;
	add_mark(m, e->open, true);
	if (*e->close && !*e->open)
		inner = 0;
	kb_mdoc_add(m, words, inner);
	add_mark(m, e->close, false);
	kb_mdoc_add(m, words + inner, n - inner);
}

#define DELIMITERS ".,;:()[]|?!"

/* How many of the words that follow a macro are its own. */
static size_t n_own(const struct kb_str *words, size_t n)
{
	size_t i = 0;

	while (i < n && !kb_mdoc_is_inline(words[i]) &&
	       !is_one_of(words[i], DELIMITERS))
		i++;
	return i;
}

/* .Fl and its words, to the next macro; marks between them stay as they are. */
static size_t add_flags(struct kb_mdoc *m, const struct kb_str *words, size_t n)
{
	size_t i = 1;

	if (!n_own(words + 1, n - 1))
		add_word(m, "-", (struct kb_str){"", 0}, "");
	for (; i < n && !kb_mdoc_is_inline(words[i]); i++)
		add_word(m, is_one_of(words[i], DELIMITERS) ? "" : "-",
			 words[i], "");
	return i;
}

/* The macro words[0] and the words that it takes; how many it was. */
static size_t add_macro(struct kb_mdoc *m, const struct kb_str *words, size_t n)
{
	size_t own = n_own(words + 1, n - 1);
	struct kb_str first = own ? words[1] : (struct kb_str){"", 0};

	if (kb_str_is(*words, "Ns")) {
		m->glued = true;
		return 1;
	}
	if (kb_str_is(*words, "Ap")) {
		add_mark(m, "'", false);
		m->glued = true;
		return 1;
	}
	if (kb_str_is(*words, "Ta")) {
		add_word(m, "", (struct kb_str){"|", 1}, "");
		return 1;
	}
	if (kb_str_is(*words, "Nm") && !own) {
		add_word(m, "", m->name, "");
		return 1;
	}
	if (kb_str_is(*words, "Nm") && !m->name.len)
		m->name = first;
	if (kb_str_is(*words, "Xr") && own > 1) {
		add_word(m, "", first, "(");
		m->glued = true;
		add_word(m, "", words[2], ")");
		return 3;
	}
	if (kb_str_is(*words, "Fl"))
		return add_flags(m, words, n);
	if (kb_str_is(*words, "Pf") && n > 1) {
		add_word(m, "", words[1], "");
		m->glued = true;
		return 2;
	}
	if (kb_str_is(*words, "Ar") && !own)
		add_word(m, "", (struct kb_str){"file ...", 8}, "");
	if (kb_str_is(*words, "Nd"))
		add_word(m, "", (struct kb_str){"–", sizeof("–") - 1}, "");
	for (size_t i = 0; i < own; i++)
		add_word(m, "", words[1 + i], "");
	return 1 + own;
}

void kb_mdoc_add(struct kb_mdoc *m, const struct kb_str *words, size_t n)
{
	for (size_t i = 0; i < n;) {
		const struct enclosure *e = enclosure_of(words[i]);

		if (e) {
			add_enclosed(m, e, words + i + 1, n - i - 1);
			return;
		}
		if (kb_mdoc_is_inline(words[i]))
			i += add_macro(m, words + i, n - i);
		else
			add_word(m, "", words[i++], "");
	}
}
