#include "index/user_words.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"
#include "store/container.h"

static int check_word(struct kb_str word, size_t n, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	if (!kb_utf8_valid(word.ptr, word.len))
		return kb_err_set(err, KB_EINVAL, "not UTF-8");
	if (word.len > KB_USER_WORD_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "'%s' has %zu bytes, the limit is %d",
				  kb_err_quote(quoted, word.ptr, word.len),
				  word.len, KB_USER_WORD_MAX);
	if (n > KB_USER_WORDS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d words",
				  KB_USER_WORDS_MAX);
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return kb_str_cmp(*(const struct kb_str *)a, *(const struct kb_str *)b);
}

int kb_user_words_parse(struct kb_str text, const char *name,
			struct kb_buf *out, struct kb_err *err)
{
	struct kb_str line, *words = NULL;
	size_t n = 0, cap = 0;
	unsigned line_no = 0;
	int rc = 0;

	text = kb_str_skip(text, kb_str_mark(text));
	while (!rc && kb_str_line(&text, &line)) {
		line_no++;
		line = kb_str_trim(line);
		if (!line.len || *line.ptr == '#')
			continue;
		kb_grow(&words, &cap, n + 1, sizeof(*words));
		words[n++] = line;
		rc = check_word(line, n, err);
	}
	if (rc) {
		kb_err_place(err, "%s:%u", name, line_no);
	} else if (n) {
		qsort(words, n, sizeof(*words), by_bytes);
		for (size_t i = 0; i < n; i++) {
			if (i && kb_str_eq(words[i], words[i - 1]))
				continue;
			kb_buf_add_str(out, words[i]);
			kb_buf_add_char(out, '\n');
		}
	}
	free(words);
	return rc;
}

int kb_user_words_load(const char *path, struct kb_buf *out, struct kb_err *err)
{
	struct kb_buf text;
	int rc;

	kb_buf_init(&text, 0);
	rc = kb_file_read(path, KB_USER_WORDS_BYTES, &text, err);
	if (!rc)
		rc = kb_user_words_parse(kb_buf_str(&text), path, out, err);
	kb_buf_release(&text);
	return rc;
}

struct kb_str kb_user_words(const struct kb_index *index)
{
	const struct kb_container_view *view =
	    kb_index_global(index, KB_USER_WORDS_SLOT);

	if (!view || !view->sec[1].ptr)
		return (struct kb_str){"", 0};
	return (struct kb_str){(const char *)view->sec[1].ptr,
			       view->sec[1].len};
}

void kb_user_words_set(struct kb_analyzer *an, const struct kb_str *lists,
		       size_t n)
{
	struct kb_str *words = NULL, rest, word;
	size_t n_words = 0, cap = 0;

	for (size_t i = 0; i < n; i++) {
		rest = lists[i];
		while (kb_str_line(&rest, &word)) {
			kb_grow(&words, &cap, n_words + 1, sizeof(*words));
			words[n_words++] = word;
		}
	}
	kb_analyzer_set_words(an, words, n_words);
	free(words);
}

void kb_user_words_of(struct kb_analyzer *an, struct kb_index *const *indexes,
		      size_t n)
{
	struct kb_str *lists = kb_calloc(n + 1, sizeof(*lists));

	for (size_t i = 0; i < n; i++)
		lists[i] = kb_user_words(indexes[i]);
	kb_user_words_set(an, lists, n);
	free(lists);
}
