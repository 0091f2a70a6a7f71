#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "record/hit.h"
#include "record/members.h"
#include "record/question.h"
#include "search/search_record.h"
#include "text/words.h"

#define SNIPPET	   240	       /* bytes of text around the words found */
#define SOURCE_MAX (64L << 20) /* bytes of a source that are looked at */
#define BOLD	   "\033[1m"
#define DIM	   "\033[2m"
#define MARK	   "\033[1;33m"
#define PLAIN	   "\033[0m"

struct span {
	uint32_t start, end;
};

/* Parts of text whose terms are among the sorted keys, joined where they
 * touch. */
static size_t find_spans(const struct kb_terms *terms, const uint64_t *keys,
			 size_t n_keys, struct span *spans, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < terms->n && n < max; i++) {
		const struct kb_term *t = &terms->items[i];
		size_t k = 0;

		while (k < n_keys && keys[k] != t->key)
			k++;
		if (k == n_keys)
			continue;
		if (n && t->start <= spans[n - 1].end) {
			if (t->end > spans[n - 1].end)
				spans[n - 1].end = t->end;
			continue;
		}
		spans[n++] = (struct span){t->start, t->end};
	}
	return n;
}

/* Where SNIPPET bytes cover most marked text. */
static size_t best_start(const struct span *spans, size_t n, size_t len)
{
	size_t best = 0, most = 0;

	for (size_t i = 0; i < n; i++) {
		size_t covered = 0;

		for (size_t j = i;
		     j < n && spans[j].end - spans[i].start <= SNIPPET; j++)
			covered += spans[j].end - spans[j].start;
		if (covered > most) {
			most = covered;
			best = spans[i].start;
		}
	}
	best = best > SNIPPET / 8 ? best - SNIPPET / 8 : 0;
	if (len <= SNIPPET)
		return 0;
	return best + SNIPPET > len ? len - SNIPPET : best;
}

void kb_text_put_line(const struct kb_text_style *style, struct kb_str text,
		      struct kb_buf *out)
{
	struct kb_buf line;

	/* one line: breaks become blanks before the rest is made safe */
	kb_buf_init(&line, 0);
	for (size_t i = 0; i < text.len; i++)
		kb_buf_add_char(&line, text.ptr[i] == '\n' ||
					       text.ptr[i] == '\t' ||
					       text.ptr[i] == '\r'
					   ? ' '
					   : text.ptr[i]);
	style->put(out, kb_buf_str(&line));
	kb_buf_release(&line);
}

static void put_snippet(const struct kb_text_style *style, struct kb_str text,
			const uint64_t *keys, size_t n_keys, struct kb_buf *out)
{
	struct span spans[64];
	size_t n, at, end;

	if (!text.len)
		text = KB_STR(""); /* no text is a null pointer */
	kb_terms_reset(style->terms);
	kb_analyze(style->analyzer, text.ptr, text.len, style->terms);
	n = find_spans(style->terms, keys, n_keys, spans, 64);
	at = best_start(spans, n, text.len);
	end = at + SNIPPET < text.len ? at + SNIPPET : text.len;
	while (at > 0 && kb_utf8_is_inner(text.ptr[at]))
		at--;
	while (end < text.len && kb_utf8_is_inner(text.ptr[end]))
		end++;
	kb_buf_add_cstr(out, at ? "   ..." : "   ");
	for (size_t i = 0; i <= n; i++) {
		size_t from = i < n ? spans[i].start : end;
		size_t to = i < n ? spans[i].end : end;

		if (i < n && (to <= at || from >= end))
			continue;
		from = from < at ? at : from;
		to = to > end ? end : to;
		kb_text_put_line(
		    style, (struct kb_str){text.ptr + at, from - at}, out);
		kb_buf_add_cstr(out, style->colour && to > from ? MARK : "");
		kb_text_put_line(
		    style, (struct kb_str){text.ptr + from, to - from}, out);
		kb_buf_add_cstr(out, style->colour && to > from ? PLAIN : "");
		at = to;
	}
	kb_buf_add_cstr(out, end < text.len ? "...\n" : "\n");
}

/* As it is typed here: without the directory one is in. */
static struct kb_str from_here(struct kb_str path)
{
	char here[4096];
	size_t n;

	if (!path.len || *path.ptr != '/' || !getcwd(here, sizeof(here) - 1))
		return path;
	n = strlen(here);
	here[n] = '/';
	n += n > 1;
	return path.len > n && !memcmp(path.ptr, here, n) ? kb_str_skip(path, n)
							  : path;
}

/* Of what has no lines: the page, slide, chapter or sheet that it is. */
static void put_part(const struct kb_text_style *style,
		     const struct kb_record_hit *hit, struct kb_arena *arena,
		     struct kb_buf *out)
{
	static const struct {
		const char *member, *mark;
	} parts[] = {
	    {"page", ":p"}, {"slide", "#"}, {"chapter", "#"}, {"sheet", "#"}};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct kb_json part =
		    kb_json_get(hit->at[KB_HIT_META], parts[i].member);
		struct kb_str name;
		int64_t number;

		if (kb_json_int(part, &number)) {
			kb_buf_printf(out, "%s%lld", parts[i].mark,
				      (long long)number);
			return;
		}
		if (kb_json_str(part, arena, &name)) {
			kb_buf_add_cstr(out, parts[i].mark);
			kb_text_put_line(style, name, out);
			return;
		}
	}
}

void kb_hit_put_place(const struct kb_text_style *style,
		      const struct kb_record_hit *hit, struct kb_arena *arena,
		      struct kb_buf *out)
{
	struct kb_str title = kb_hit_str(hit, KB_HIT_TITLE, arena);
	struct kb_str source = kb_hit_str(hit, KB_HIT_SOURCE, arena);
	struct kb_str doc = kb_hit_doc(hit, arena);
	int64_t line;

	kb_buf_add_cstr(out, style->colour ? BOLD : "");
	kb_text_put_line(style, title.len ? title : doc, out);
	kb_buf_printf(out, "%s  %s", style->colour ? PLAIN : "",
		      style->colour ? DIM : "");
	kb_text_put_line(style, source.len ? from_here(source) : doc, out);
	if (source.len && kb_json_int(hit->at[KB_HIT_LINE], &line))
		kb_buf_printf(out, ":%lld", (long long)line);
	else if (source.len)
		put_part(style, hit, arena, out);
	kb_buf_add_cstr(out, style->colour ? PLAIN "\n" : "\n");
}

static void put_hit(const struct kb_text_style *style,
		    const struct kb_record_hit *hit, int rank,
		    const uint64_t *keys, size_t n_keys, struct kb_arena *arena,
		    struct kb_buf *out)
{
	struct kb_str path = {0};

	kb_buf_printf(out, "%2d %.3f  ", rank, kb_hit_score(hit));
	kb_hit_put_place(style, hit, arena, out);
	put_snippet(style, kb_hit_str(hit, KB_HIT_TEXT, arena), keys, n_keys,
		    out);
	kb_json_str(kb_json_get(hit->at[KB_HIT_EXPLAIN], "path"), arena, &path);
	if (path.len) {
		kb_buf_add_cstr(out, "   way: ");
		kb_text_put_line(style, path, out);
		kb_buf_add_char(out, '\n');
	}
}

/* Terms of the question to mark, in the arena: those of its words that say
 * something; of one that has no such word, all. */
static size_t marked_keys(const struct kb_terms *terms, struct kb_str question,
			  struct kb_arena *arena, uint64_t **out)
{
	uint64_t *keys = kb_arena_alloc(arena, (terms->n + 1) * sizeof(*keys));
	size_t n = 0;

	*out = keys;
	for (int all = 0; all < 2 && !n; all++) {
		for (size_t i = 0; i < terms->n; i++) {
			const struct kb_term *t = &terms->items[i];

			if (kb_term_class(t->key) != KB_TERM_HAN1 &&
			    (all || !kb_stop_word(question.ptr + t->start,
						  t->end - t->start)))
				keys[n++] = t->key;
		}
	}
	return n;
}

static void put_excluded(const struct kb_text_style *style,
			 struct kb_json excluded, struct kb_arena *arena,
			 struct kb_buf *out)
{
	struct kb_json_iter it = kb_json_iter(excluded);
	const char *before = "left out is what has: ";
	struct kb_str text;

	while (kb_json_next(&it)) {
		if (!kb_json_str(it.val, arena, &text))
			continue;
		kb_buf_add_cstr(out, before);
		kb_text_put_line(style, text, out);
		before = ", ";
	}
	kb_buf_add_cstr(out, *before == ',' ? "\n" : "");
}

void kb_record_text(const struct kb_rec *rec, const struct kb_text_style *style,
		    struct kb_arena *arena, struct kb_buf *out)
{
	struct kb_question question;
	struct kb_record_hit hit;
	struct kb_hits hits;
	struct kb_retrieval how = kb_retrieval_read(rec);
	struct kb_str text = how.corrected;
	uint64_t *keys;
	size_t n;
	int rank = 0;

	if (kb_question_read(rec, arena, &question, NULL) < 0)
		return;
	if (text.len) {
		kb_buf_add_cstr(out, "searched for, too: ");
		kb_text_put_line(style, text, out);
		kb_buf_add_char(out, '\n');
	} else {
		text = question.text;
	}
	put_excluded(style, how.excluded, arena, out);
	if (how.degraded.len) {
		kb_buf_add_cstr(out, "could not be done: ");
		kb_text_put_line(style, how.degraded, out);
		kb_buf_add_char(out, '\n');
	}
	kb_terms_reset(style->terms);
	kb_analyze(style->analyzer, text.ptr, text.len, style->terms);
	n = marked_keys(style->terms, text, arena, &keys);
	kb_hits_open(rec, &hits, NULL);
	while (kb_hits_next(&hits, &hit) &&
	       (!style->last || rank < style->last))
		if (++rank > style->passed)
			put_hit(style, &hit, rank, keys, n, arena, out);
	if (!rank)
		kb_buf_add_cstr(out, "nothing found\n");
}

/* The line of text, its spans sorted, that the spans cover most; the first of
 * several; *number counts the breaks before it. */
static struct kb_str best_line(struct kb_str text, const struct span *spans,
			       size_t n, size_t *number)
{
	struct kb_str best = {text.ptr, 0};
	size_t most = 0, i = 0, line = 0;

	*number = 0;
	for (size_t at = 0; at < text.len; line++) {
		const char *end = memchr(text.ptr + at, '\n', text.len - at);
		size_t stop = end ? (size_t)(end - text.ptr) : text.len;
		size_t covered = 0;

		for (; i < n && spans[i].start < stop; i++)
			covered += spans[i].end - spans[i].start;
		/* without a span: the first line that is not empty */
		if (covered > most || (!best.len && stop > at)) {
			most = covered;
			best = (struct kb_str){text.ptr + at, stop - at};
			*number = line;
		}
		at = stop + 1;
	}
	return best;
}

/* Whether the source's line begins with the text. What is converted (mail,
 * HTML, records) or was changed since has other lines than its passages. */
static bool stands_in(FILE *file, int64_t line, struct kb_str text)
{
	size_t same = 0;
	int c = 0;

	for (long n = 0; n < SOURCE_MAX && c != EOF; n++) {
		if (line == 1 && same == text.len)
			return true;
		c = getc(file);
		if (line > 1)
			line -= c == '\n';
		else if (c != (unsigned char)text.ptr[same++])
			return false;
	}
	return false;
}

/* The line of the source: that of the match where the text stands there, else
 * that where the passage begins. */
static int64_t source_line(struct kb_str source, int64_t line, size_t breaks,
			   struct kb_str text, struct kb_arena *arena)
{
	char *path = kb_arena_alloc(arena, source.len + 1);
	struct stat st;
	FILE *file;
	int fd;

	if (!breaks || line < 1)
		return line;
	memcpy(path, source.ptr, source.len);
	path[source.len] = 0;
	/* a pipe of that name is not waited for */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return line;
	file = !fstat(fd, &st) && S_ISREG(st.st_mode) ? fdopen(fd, "r") : NULL;
	if (!file) {
		close(fd);
		return line;
	}
	if (stands_in(file, line + (int64_t)breaks, text))
		line += (int64_t)breaks;
	fclose(file);
	return line;
}

static void put_grep_hit(const struct kb_text_style *style,
			 const struct kb_record_hit *hit, const uint64_t *keys,
			 size_t n_keys, struct kb_arena *arena,
			 struct kb_buf *out)
{
	struct kb_str text = kb_hit_str(hit, KB_HIT_TEXT, arena);
	struct kb_str source = kb_hit_str(hit, KB_HIT_SOURCE, arena);
	struct span spans[256];
	size_t n, number;
	int64_t line;

	if (!text.len)
		text = KB_STR(""); /* no text is a null pointer */
	kb_terms_reset(style->terms);
	kb_analyze(style->analyzer, text.ptr, text.len, style->terms);
	n = find_spans(style->terms, keys, n_keys, spans, 256);
	text = best_line(text, spans, n, &number);
	text.len -= text.len && text.ptr[text.len - 1] == '\r';
	kb_text_put_line(
	    style, source.len ? from_here(source) : kb_hit_doc(hit, arena),
	    out);
	if (source.len && kb_json_int(hit->at[KB_HIT_LINE], &line))
		kb_buf_printf(
		    out, ":%lld",
		    (long long)source_line(source, line, number, text, arena));
	else if (source.len)
		put_part(style, hit, arena, out);
	kb_buf_add_char(out, ':');
	kb_text_put_line(style, text, out);
	kb_buf_add_char(out, '\n');
}

void kb_record_grep(const struct kb_rec *rec, const struct kb_text_style *style,
		    struct kb_arena *arena, struct kb_buf *out)
{
	struct kb_question question;
	struct kb_record_hit hit;
	struct kb_hits hits;
	struct kb_str text = kb_retrieval_read(rec).corrected;
	uint64_t *keys;
	size_t n;

	if (kb_question_read(rec, arena, &question, NULL) < 0)
		return;
	text = text.len ? text : question.text;
	kb_terms_reset(style->terms);
	kb_analyze(style->analyzer, text.ptr, text.len, style->terms);
	n = marked_keys(style->terms, text, arena, &keys);
	kb_hits_open(rec, &hits, NULL);
	while (kb_hits_next(&hits, &hit))
		put_grep_hit(style, &hit, keys, n, arena, out);
}
