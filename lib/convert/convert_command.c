#include "convert/convert_command.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "convert/pages.h"
#include "doc/blocks.h"
#include "doc/encode.h"

/* ---- what is given ---- */

int kb_convert_command_parse(struct kb_convert_command *c, const char *given,
			     struct kb_err *err)
{
	const char *equals = strchr(given, '='), *at, *brace;
	struct kb_buf run;

	*c = (struct kb_convert_command){.given = given};
	if (!equals || equals == given || !strstr(equals, "{}"))
		return kb_err_set(err, KB_EINVAL,
				  "--convert '%s' is not GLOB=COMMAND with {} "
				  "where the file's path stands",
				  given);
	kb_buf_init(&run, 0);
	for (at = equals + 1; (brace = strstr(at, "{}")); at = brace + 2) {
		kb_buf_add(&run, at, (size_t)(brace - at));
		kb_buf_add_cstr(&run, "\"$1\"");
	}
	kb_buf_add_cstr(&run, at);
	c->pattern = kb_strndup(given, (size_t)(equals - given));
	c->run = kb_strndup(run.ptr, run.len);
	at = equals + 1 + strspn(equals + 1, " \t");
	c->program = kb_strndup(at, strcspn(at, " \t;|&<>"));
	kb_buf_release(&run);
	return 0;
}

void kb_convert_command_release(struct kb_convert_command *c)
{
	free(c->pattern);
	free(c->run);
	free(c->program);
	*c = (struct kb_convert_command){0};
}

bool kb_convert_command_matches(const struct kb_convert_command *c,
				const char *name)
{
	const char *slash = strrchr(name, '/');

	return !fnmatch(c->pattern,
			strchr(c->pattern, '/') || !slash ? name : slash + 1,
			0);
}

/* ---- what it prints ---- */

struct printed {
	const char *name;
	struct kb_buf text;
	struct kb_pages pages;
	bool has_pages, done;
	size_t max_text, at;
};

static int make_text(struct printed *p, struct kb_err *err)
{
	struct kb_str text = kb_doc_trim(kb_buf_str(&p->text));
	struct kb_buf out;
	enum kb_encoding encoding;
	const char *why;
	size_t bom;
	int rc;

	if (!text.len)
		return kb_err_set(err, KB_EFORMAT,
				  "is not converted: the command prints "
				  "nothing");
	text = kb_buf_str(&p->text);
	encoding = kb_encoding_guess(text, &bom, &why);
	if (encoding == KB_ENC_BINARY || encoding == KB_ENC_UNKNOWN)
		return kb_err_set(err, KB_EFORMAT,
				  "is not converted: the command prints no "
				  "text, but %s",
				  why);
	text = kb_str_skip(text, bom);
	if (encoding == KB_ENC_UTF8 && !bom &&
	    kb_utf8_valid(text.ptr, text.len))
		return 0;
	kb_buf_init(&out, p->text.max);
	rc = kb_encoding_convert(encoding, text, &out, err);
	kb_buf_release(&p->text);
	p->text = out;
	return rc;
}

static int next_page(struct printed *p, struct kb_arena *arena,
		     struct kb_doc *doc, struct kb_err *err)
{
	struct kb_buf text;

	kb_buf_init(&text, p->max_text);
	while (!text.len && p->at < p->pages.n)
		kb_pages_text(&p->pages, p->at++, &text);
	doc->text = text.len ? kb_arena_copy(arena, kb_buf_str(&text))
			     : (struct kb_str){"", 0};
	kb_buf_release(&text);
	if (!doc->text.len)
		return p->at < p->pages.n
			   ? kb_err_set(err, KB_ELIMIT,
					"has a page larger than the limit of "
					"%zu bytes",
					p->max_text)
			   : 0;
	doc->id = kb_str_of(kb_arena_printf(arena, "%s:p%zu", p->name, p->at));
	doc->meta = kb_str_of(kb_arena_printf(arena, "{\"page\":%zu}", p->at));
	kb_doc_find_blocks(doc, arena, 0, false);
	return 1;
}

static bool is_html(struct kb_str text)
{
	text = kb_doc_trim(text);
	return kb_starts_folded(text.ptr, text.len, "<!doctype html") ||
	       kb_starts_folded(text.ptr, text.len, "<html");
}

static int next(void *state, struct kb_arena *arena, struct kb_doc *doc,
		struct kb_err *err)
{
	struct printed *p = state;
	struct kb_str text = kb_buf_str(&p->text);
	int rc;

	if (p->has_pages)
		return next_page(p, arena, doc, err);
	if (p->done)
		return 0;
	p->done = true;
	if (is_html(text))
		rc = kb_doc_read_html(doc, arena, text, p->max_text * 2, err);
	else
		rc = kb_doc_read_markdown(doc, arena,
					  kb_arena_copy(arena, text), err);
	for (size_t i = 0; i < doc->n_blocks && rc == 0; i++)
		doc->blocks[i].line = 0; /* of the file there is none */
	doc->text_lines = false;
	return rc < 0 ? rc : 1;
}

static void printed_close(void *state)
{
	struct printed *p = state;

	if (p->has_pages)
		kb_pages_release(&p->pages);
	kb_buf_release(&p->text);
	free(p);
}

int kb_convert_command_take(const struct kb_convert_command *command,
			    struct kb_child_cache *cache,
			    const struct kb_doc_file *file, int timeout_ms,
			    struct kb_doc_feed *feed, struct kb_err *err)
{
	const char *const argv[] = {"/bin/sh",	"-c",	    command->run,
				    "kb-index", file->path, NULL};
	struct printed *p = kb_calloc(1, sizeof(*p));
	int rc;

	p->name = file->name;
	p->max_text = file->max_text;
	kb_buf_init(&p->text, file->max_text);
	rc = kb_child_cache_output(cache, file->fd, argv, command->program,
				   command->run, "the command", timeout_ms,
				   &p->text, err);
	if (rc == 0)
		rc = make_text(p, err);
	if (rc < 0) {
		printed_close(p);
		return rc;
	}
	p->has_pages = memchr(p->text.ptr, '\f', p->text.len) != NULL;
	if (p->has_pages)
		kb_pages_init(&p->pages, kb_buf_str(&p->text));
	*feed = (struct kb_doc_feed){next, printed_close, p};
	return 1;
}
