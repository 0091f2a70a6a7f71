#include "crawl/gitignore.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"

/* ---- matching ---- */

/* The class behind "[:" at p, without its "alpha:]"; false: no such. */
static bool in_class(struct kb_str name, unsigned char c)
{
	static const struct {
		const char *name;
		int (*has)(int c);
	} classes[] = {
	    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank},
	    {"cntrl", iscntrl}, {"digit", isdigit}, {"graph", isgraph},
	    {"lower", islower}, {"print", isprint}, {"punct", ispunct},
	    {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (kb_str_is(name, classes[i].name))
			return c < 0x80 && classes[i].has(c);
	return false;
}

/* One character of a set, an escape resolved; NULL at the end. */
static const char *set_char(const char *g, const char *end, unsigned char *c)
{
	if (g < end && *g == '\\')
		g++;
	if (g == end)
		return NULL;
	*c = (unsigned char)*g;
	return g + 1;
}

/*
 * Does c belong to the set whose '[' stands before g? Gives the byte behind
 * its ']', or NULL when nothing closes it: that matches nothing.
 */
static const char *in_set(const char *g, const char *end, unsigned char c,
			  bool *yes)
{
	bool negated = g < end && (*g == '!' || *g == '^'), found = false;
	unsigned char low = 0, high;
	const char *first, *close;

	g += negated;
	for (first = g; g < end && (*g != ']' || g == first);) {
		if (end - g > 2 && g[0] == '[' && g[1] == ':') {
			close = memmem(g + 2, (size_t)(end - g) - 2, ":]", 2);
			if (!close)
				return NULL;
			found |= in_class(
			    (struct kb_str){g + 2, (size_t)(close - g) - 2}, c);
			g = close + 2;
			continue;
		}
		g = set_char(g, end, &low);
		high = low;
		if (g && end - g > 1 && *g == '-' && g[1] != ']')
			g = set_char(g + 1, end, &high);
		if (!g)
			return NULL;
		/* "[b-a]" has b */
		found |= c == low || (low <= c && c <= high);
	}
	if (g == end)
		return NULL;
	*yes = found != negated && c != '/';
	return g + 1;
}

/* Match the element at g, no star, with c: the byte behind it, or NULL. */
static const char *element(const char *g, const char *end, unsigned char c)
{
	bool yes = false;

	switch (*g) {
	case '?':
		return c != '/' ? g + 1 : NULL;
	case '[':
		g = in_set(g + 1, end, c, &yes);
		return yes ? g : NULL;
	case '\\':
		return end - g > 1 && (unsigned char)g[1] == c ? g + 2 : NULL;
	default:
		return (unsigned char)*g == c ? g + 1 : NULL;
	}
}

/* Where a part of the glob that may take more is tried again. */
struct retry {
	const char *g, *t;
};

/*
 * Behind the stars at g. *deep: they are two or more and a part of the path by
 * themselves. Git takes the plain beginning of a glob off before it looks at
 * the rest, so stars are by themselves there, too ("a**" is deep).
 */
static const char *skip_stars(const struct kb_ignore_rule *r, const char *g,
			      bool *deep)
{
	const char *end = r->glob.ptr + r->glob.len, *from = g;

	while (g < end && *g == '*')
		g++;
	*deep = g - from > 1 && (g == end || *g == '/') &&
		(from == r->glob.ptr + r->plain || from[-1] == '/');
	return g;
}

/*
 * What a star takes is tried from the least on; once a later star has its
 * place, more for an earlier one could only put it further on. So one place
 * to go back to is enough for stars that stop at '/', and one for those that
 * do not.
 */
static bool matches(const struct kb_ignore_rule *r, struct kb_str text)
{
	const char *g = r->glob.ptr, *g_end = g + r->glob.len;
	const char *t = text.ptr, *t_end = t + text.len, *next;
	struct retry star = {NULL, NULL}, deep = {NULL, NULL};

	while (t < t_end || g < g_end) {
		if (g < g_end && *g == '*') {
			bool is_deep;

			g = skip_stars(r, g, &is_deep);
			if (is_deep && g == g_end)
				return true;
			g += is_deep;
			*(is_deep ? &deep : &star) = (struct retry){g, t};
			if (is_deep)
				star.g = NULL;
			continue;
		}
		next = g < g_end && t < t_end
			   ? element(g, g_end, (unsigned char)*t)
			   : NULL;
		if (next) {
			g = next;
			t++;
		} else if (star.g && star.t < t_end && *star.t != '/') {
			g = star.g;
			t = ++star.t;
		} else if (deep.g &&
			   (next = memchr(deep.t, '/',
					  (size_t)(t_end - deep.t)))) {
			g = deep.g;
			t = deep.t = next + 1;
			star.g = NULL;
		} else {
			return false;
		}
	}
	return true;
}

static bool rule_matches(const struct kb_ignore_rule *r, struct kb_str path,
			 struct kb_str name, bool is_directory)
{
	struct kb_str subject = r->whole ? path : name;

	if (r->only_directories && !is_directory)
		return false;
	return r->plain == r->glob.len ? kb_str_eq(r->glob, subject)
				       : matches(r, subject);
}

bool kb_ignore_has(const struct kb_ignore *ignore, struct kb_str path,
		   bool is_directory)
{
	const char *slash = memrchr(path.ptr, '/', path.len);
	struct kb_str name = kb_str_skip(path, (size_t)(slash - path.ptr) + 1);

	assert(slash);
	for (size_t i = ignore->n; i-- > 0;) {
		const struct kb_ignore_rules *rules = &ignore->items[i];
		struct kb_str below = kb_str_skip(path, rules->base);

		assert(rules->base <= path.len);
		for (size_t k = rules->n; k-- > 0;)
			if (rule_matches(&rules->items[k], below, name,
					 is_directory))
				return !rules->items[k].negated;
	}
	return false;
}

/* ---- reading ---- */

/* Blanks at the end go, but one behind a backslash. */
static struct kb_str trim(struct kb_str line)
{
	size_t keep = 0;

	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\\' && i + 1 < line.len)
			i++;
		else if (line.ptr[i] == ' ')
			continue;
		keep = i + 1;
	}
	line.len = keep;
	return line;
}

static void add_rule(struct kb_ignore_rules *rules, struct kb_str line)
{
	struct kb_ignore_rule rule = {.plain = 0};

	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (!line.len || *line.ptr == '#')
		return;
	line = trim(line);
	rule.negated = line.len && *line.ptr == '!';
	line = kb_str_skip(line, rule.negated);
	rule.only_directories = kb_ends(line.ptr, line.len, "/");
	line.len -= rule.only_directories;
	rule.whole = line.len && memchr(line.ptr, '/', line.len);
	if (line.len && *line.ptr == '/')
		line = kb_str_skip(line, 1);
	if (!line.len)
		return;
	while (rule.plain < line.len &&
	       !memchr("*?[\\", line.ptr[rule.plain], 4))
		rule.plain++;
	rule.glob = line;
	kb_grow(&rules->items, &rules->cap, rules->n + 1,
		sizeof(*rules->items));
	rules->items[rules->n++] = rule;
}

void kb_ignore_push(struct kb_ignore *ignore, struct kb_str text, size_t base)
{
	struct kb_ignore_rules *rules;
	struct kb_str rest, line;

	kb_grow(&ignore->items, &ignore->cap, ignore->n + 1,
		sizeof(*ignore->items));
	rules = &ignore->items[ignore->n++];
	*rules = (struct kb_ignore_rules){
	    .text = kb_strndup(text.ptr, text.len), .base = base};
	rest = kb_str_skip((struct kb_str){rules->text, text.len},
			   kb_str_mark(text));
	while (kb_str_line(&rest, &line))
		add_rule(rules, line);
}

int kb_ignore_push_file(struct kb_ignore *ignore, int dirfd, const char *name,
			size_t base, struct kb_err *err)
{
	int fd =
	    openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct kb_buf text;
	struct stat st;
	int rc = 0;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP
			   ? 0
			   : kb_err_sys(err, "cannot read '%s'", name);
	kb_buf_init(&text, 0);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		rc = kb_file_read_fd(fd, name, KB_GITIGNORE_BYTES, &text, err);
		if (rc == 0)
			kb_ignore_push(ignore, kb_buf_str(&text), base);
		rc = rc < 0 ? rc : 1;
	}
	kb_buf_release(&text);
	close(fd);
	return rc;
}

void kb_ignore_pop(struct kb_ignore *ignore)
{
	struct kb_ignore_rules *rules;

	assert(ignore->n);
	rules = &ignore->items[--ignore->n];
	free(rules->items);
	free(rules->text);
}

void kb_ignore_release(struct kb_ignore *ignore)
{
	while (ignore->n)
		kb_ignore_pop(ignore);
	free(ignore->items);
	*ignore = (struct kb_ignore){0};
}
