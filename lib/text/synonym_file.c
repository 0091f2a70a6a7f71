/* The user's file of synonyms: see synonym.h. */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/fold.h"
#include "text/synonym_impl.h"

#define ARROW "=>"

void kb_synonyms_free(struct kb_synonyms *own)
{
	if (!own)
		return;
	kb_arena_release(&own->arena);
	free(own->groups);
	free(own->words);
	free(own->starts);
	free(own->first);
	free(own->next);
	free(own);
}

static int add_word(struct kb_str word, struct kb_buf *group, size_t *n,
		    struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	kb_err_quote(quoted, word.ptr, word.len);
	if (!word.len)
		return kb_err_set(err, KB_EINVAL,
				  "no word between two commas, or at an end");
	if (word.len > KB_SYNONYMS_WORD)
		return kb_err_set(err, KB_ELIMIT,
				  "'%s' has %zu bytes, the limit is %d", quoted,
				  word.len, KB_SYNONYMS_WORD);
	if (memchr(word.ptr, '|', word.len) || memchr(word.ptr, '>', word.len))
		return kb_err_set(err, KB_EINVAL,
				  "'%s': no word holds '|' or '>'", quoted);
	if (++*n > KB_SYNONYMS_WORDS)
		return kb_err_set(err, KB_ELIMIT, "more than %d words",
				  KB_SYNONYMS_WORDS);
	if (group->len && group->ptr[group->len - 1] != '>')
		kb_buf_add_char(group, '|');
	kb_buf_add_str(group, word);
	return 0;
}

/* Words with commas between. */
static int add_words(struct kb_str list, struct kb_buf *group, size_t *n,
		     struct kb_err *err)
{
	const char *end = list.ptr + list.len, *at = list.ptr;
	int rc;

	for (;;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;

		rc = add_word(
		    kb_str_trim((struct kb_str){at, (size_t)(stop - at)}),
		    group, n, err);
		if (rc || !comma)
			return rc;
		at = comma + 1;
	}
}

/* A line that says something, folded. */
static int add_line(struct kb_str line, struct kb_buf *group,
		    struct kb_err *err)
{
	const char *arrow = memmem(line.ptr, line.len, ARROW, strlen(ARROW));
	struct kb_str left = line, right;
	size_t n = 0;
	int rc;

	if (arrow)
		left.len = (size_t)(arrow - line.ptr);
	rc = add_words(left, group, &n, err);
	if (rc)
		return rc;
	if (!arrow)
		return n > 1 ? 0
			     : kb_err_set(err, KB_EINVAL,
					  "one word alone: want 'a, b' or "
					  "'a => b'");
	kb_buf_add_char(group, '>');
	right.ptr = arrow + strlen(ARROW);
	right.len = line.len - (size_t)(right.ptr - line.ptr);
	return add_words(right, group, &n, err);
}

static int parse(struct kb_synonyms *own, struct kb_str text,
		 struct kb_err *err, unsigned *line_no)
{
	struct kb_arena scratch;
	struct kb_str line;
	struct kb_buf group;
	int rc = 0;

	kb_arena_init(&scratch);
	kb_buf_init(&group, 0);
	for (; !rc && kb_str_line(&text, &line); ++*line_no) {
		if (!kb_utf8_valid(line.ptr, line.len)) {
			rc = kb_err_set(err, KB_EINVAL, "not UTF-8");
			break;
		}
		kb_arena_reset(&scratch);
		line = kb_str_trim(kb_text_fold(&scratch, line));
		if (!line.len || *line.ptr == '#')
			continue;
		kb_buf_reset(&group);
		rc = add_line(line, &group, err);
		if (rc)
			break;
		kb_grow(&own->groups, &own->cap, own->n + 2,
			sizeof(*own->groups));
		own->groups[own->n++] =
		    kb_arena_strndup(&own->arena, group.ptr, group.len);
		own->groups[own->n] = NULL;
	}
	kb_buf_release(&group);
	kb_arena_release(&scratch);
	return rc;
}

int kb_synonyms_parse(struct kb_synonyms **out, struct kb_str text,
		      const char *name, struct kb_err *err)
{
	struct kb_synonyms *own = kb_calloc(1, sizeof(*own));
	unsigned line = 1;
	int rc;

	*out = NULL;
	kb_arena_init(&own->arena);
	own->groups = kb_calloc(1, sizeof(*own->groups));
	text = kb_str_skip(text, kb_str_mark(text));
	rc = parse(own, text, err, &line);
	if (rc) {
		kb_synonyms_free(own);
		return kb_err_place(err, "%s:%u", name, line), rc;
	}
	kb_synonyms_index(own, own->groups);
	*out = own;
	return 0;
}

int kb_synonyms_load(struct kb_synonyms **out, const char *path,
		     struct kb_err *err)
{
	struct kb_buf text;
	int rc;

	*out = NULL;
	kb_buf_init(&text, KB_SYNONYMS_BYTES + 1);
	rc = kb_file_read(path, KB_SYNONYMS_BYTES, &text, err);
	if (!rc)
		rc = kb_synonyms_parse(out, kb_buf_str(&text), path, err);
	kb_buf_release(&text);
	return rc;
}
