#include "convert/pdf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/utf8.h"
#include "convert/child_output.h"
#include "convert/pages.h"
#include "doc/blocks.h"
#include "doc/encode.h"
#include "json/write.h"

struct pdf {
	const char *name;
	struct kb_buf text, laid_out; /* of pdftotext, in both its ways */
	struct kb_pages pages, rows;
	bool has_rows;
	size_t first_rows; /* page that they begin with */
	char *title;
	char *meta; /* members, each with a comma before it */
	size_t max_text, at;
};

/* ---- what is not text ---- */

/* Titles that writing programs make up say nothing. */
static bool is_title(struct kb_str s)
{
	return s.len && s.len <= KB_DOC_TITLE_MAX &&
	       !kb_starts_folded(s.ptr, s.len, "untitled") &&
	       !kb_starts_folded(s.ptr, s.len, "microsoft ") &&
	       kb_utf8_valid(s.ptr, s.len);
}

static void put_member(struct kb_buf *out, const char *name,
		       struct kb_str value)
{
	if (!value.len || value.len > KB_DOC_TITLE_MAX ||
	    !kb_utf8_valid(value.ptr, value.len))
		return;
	kb_buf_printf(out, ",\"%s\":", name);
	kb_json_quote(out, value);
}

/* "Title:          Guide", a line each. */
static void take_info(struct pdf *p, struct kb_str text)
{
	struct kb_str line;
	struct kb_buf meta;

	kb_buf_init(&meta, 0);
	while (kb_str_line(&text, &line)) {
		const char *colon = memchr(line.ptr, ':', line.len);
		struct kb_str key, value;

		if (!colon)
			continue;
		key = (struct kb_str){line.ptr, (size_t)(colon - line.ptr)};
		value = kb_str_trim(kb_str_skip(line, key.len + 1));
		if (kb_str_is(key, "Title") && is_title(value) && !p->title)
			p->title = kb_strndup(value.ptr, value.len);
		else if (kb_str_is(key, "Author"))
			put_member(&meta, "author", value);
		else if (kb_str_is(key, "ModDate"))
			put_member(&meta, "modified", value);
	}
	if (meta.len)
		p->meta = kb_strndup(meta.ptr, meta.len);
	kb_buf_release(&meta);
}

/* ---- reading ---- */

static int run(struct kb_child_cache *cache, const struct kb_doc_file *file,
	       const char *const *argv, int timeout_ms, struct kb_buf *out,
	       struct kb_err *err)
{
	struct kb_buf key;
	int rc;

	kb_buf_init(&key, 0);
	for (size_t i = 0; argv[i]; i++)
		kb_buf_printf(&key, "%s ",
			      argv[i] == file->path ? "{}" : argv[i]);
	rc = kb_child_cache_output(cache, file->fd, argv, argv[0], key.ptr,
				   argv[0], timeout_ms, out, err);
	kb_buf_release(&key);
	if (rc != KB_ENOENT)
		return rc;
	return kb_err_set(err, KB_EREMOTE,
			  "PDF needs %s, of the package poppler-utils",
			  argv[0]);
}

/* What poppler complains of says what kind of file it is. */
static int explain(int rc, struct kb_err *err)
{
	if (rc == KB_EFORMAT && err && strstr(err->msg, "password"))
		return kb_err_set(err, rc, "is encrypted with a password");
	if (rc == KB_EFORMAT && err)
		return kb_err_set(err, rc, "is a damaged PDF file");
	return rc;
}

static size_t visible(struct kb_str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += (unsigned char)text.ptr[i] > ' ';
	return n;
}

static int make_valid(struct kb_buf *text, struct kb_err *err)
{
	struct kb_buf fixed;
	int rc;

	if (!text->len || kb_utf8_valid(text->ptr, text->len))
		return 0;
	kb_buf_init(&fixed, text->max);
	rc = kb_encoding_convert(KB_ENC_UTF8, kb_buf_str(text), &fixed, err);
	kb_buf_release(text);
	*text = fixed;
	return rc;
}

/* The second way of pdftotext, which keeps the rows of tables, where there are
 * pages that need it. */
static int lay_out(struct pdf *p, struct kb_child_cache *cache,
		   const struct kb_doc_file *file, int timeout_ms,
		   struct kb_err *err)
{
	char from[24], to[24];
	const char *const argv[] = {"pdftotext", "-layout", "-enc", "UTF-8",
				    "-f",	 from,	    "-l",   to,
				    file->path,	 "-",	    NULL};
	size_t n = p->pages.n, last = 0;
	int rc;

	p->first_rows = n;
	for (size_t i = 0; i < n; i++) {
		if (!kb_pages_is_table(&p->pages, i))
			continue;
		p->first_rows = p->first_rows < i ? p->first_rows : i;
		last = i;
	}
	if (p->first_rows == n)
		return 0;
	snprintf(from, sizeof(from), "%zu", p->first_rows + 1);
	snprintf(to, sizeof(to), "%zu", last + 1);
	rc = run(cache, file, argv, timeout_ms, &p->laid_out, err);
	if (rc == 0)
		rc = make_valid(&p->laid_out, err);
	if (rc < 0)
		return rc;
	kb_pages_init(&p->rows, kb_buf_str(&p->laid_out));
	p->has_rows = true;
	return 0;
}

static int read_pdf(struct pdf *p, struct kb_child_cache *cache,
		    const struct kb_doc_file *file, int timeout_ms,
		    struct kb_err *err)
{
	const char *const text[] = {"pdftotext", "-enc", "UTF-8",
				    file->path,	 "-",	 NULL};
	const char *const info[] = {"pdfinfo", "-isodates", "-enc",
				    "UTF-8",   file->path,  NULL};
	struct kb_buf about;
	int rc = run(cache, file, text, timeout_ms, &p->text, err);

	if (rc == 0)
		rc = make_valid(&p->text, err);
	if (rc < 0)
		return explain(rc, err);
	kb_pages_init(&p->pages, kb_buf_str(&p->text));
	if (!visible(kb_buf_str(&p->text)))
		return kb_err_set(err, KB_EFORMAT,
				  "is a scan: its %zu pages are pictures "
				  "without text",
				  p->pages.n);
	kb_buf_init(&about, (size_t)1 << 20);
	rc = run(cache, file, info, timeout_ms, &about, err);
	if (rc == 0)
		take_info(p, kb_buf_str(&about));
	kb_buf_release(&about);
	if (rc == 0)
		rc = lay_out(p, cache, file, timeout_ms, err);
	return explain(rc, err);
}

/* ---- documents ---- */

static int next(void *state, struct kb_arena *arena, struct kb_doc *doc,
		struct kb_err *err)
{
	struct pdf *p = state;
	struct kb_buf text;
	size_t i;
	int rc = 1;

	kb_buf_init(&text, p->max_text);
	do {
		if (p->at == p->pages.n) {
			kb_buf_release(&text);
			return 0;
		}
		i = p->at++;
		if (!p->has_rows || i < p->first_rows ||
		    i - p->first_rows >= p->rows.n ||
		    !kb_pages_is_table(&p->pages, i) ||
		    !kb_pages_rows(&p->rows, i - p->first_rows, &text))
			kb_pages_text(&p->pages, i, &text);
	} while (!text.len && !text.over);
	if (text.over)
		rc = kb_err_set(err, KB_ELIMIT,
				"has a page larger than the limit of %zu bytes",
				p->max_text);
	doc->text = kb_arena_copy(arena, kb_buf_str(&text));
	kb_buf_release(&text);
	if (rc < 0)
		return rc;
	doc->id = kb_str_of(kb_arena_printf(arena, "%s:p%zu", p->name, i + 1));
	doc->meta = kb_str_of(kb_arena_printf(arena, "{\"page\":%zu%s}", i + 1,
					      p->meta ? p->meta : ""));
	if (p->title)
		doc->title = kb_arena_copy(arena, kb_str_of(p->title));
	kb_doc_find_blocks(doc, arena, 0, false);
	return 1;
}

static void pdf_close(void *state)
{
	struct pdf *p = state;

	kb_pages_release(&p->pages);
	if (p->has_rows)
		kb_pages_release(&p->rows);
	kb_buf_release(&p->text);
	kb_buf_release(&p->laid_out);
	free(p->title);
	free(p->meta);
	free(p);
}

int kb_pdf_take(struct kb_child_cache *cache, const struct kb_doc_file *file,
		int timeout_ms, struct kb_doc_feed *feed, struct kb_err *err)
{
	struct pdf *p = kb_calloc(1, sizeof(*p));
	int rc;

	p->name = file->name;
	p->max_text = file->max_text;
	kb_buf_init(&p->text, KB_PDF_TEXT_MAX);
	kb_buf_init(&p->laid_out, KB_PDF_TEXT_MAX);
	rc = read_pdf(p, cache, file, timeout_ms, err);
	if (rc < 0) {
		pdf_close(p);
		return rc;
	}
	*feed = (struct kb_doc_feed){next, pdf_close, p};
	return 1;
}
