#include "token/tiktoken_file.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/base64.h"

struct list {
	struct kb_str *tokens;
	size_t n, cap;
	struct kb_arena arena;
};

/* A decimal number up to the end of a line; false for anything else. */
static bool read_rank(const char *p, const char *end, uint32_t *rank)
{
	uint32_t n = 0;

	if (p == end)
		return false;
	for (; p < end; p++) {
		if (!kb_is_digit(*p) || n >= KB_BPE_MAX_IDS)
			return false;
		n = n * 10 + (uint32_t)(*p - '0');
	}
	*rank = n;
	return n < KB_BPE_MAX_IDS;
}

static bool read_line(struct list *list, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len), *end = line + len;
	struct kb_str token;
	uint32_t rank;

	if (len && end[-1] == '\r')
		end--;
	if (!blank || blank >= end || !read_rank(blank + 1, end, &rank) ||
	    !kb_base64_decode((struct kb_str){line, (size_t)(blank - line)},
			      &list->arena, &token) ||
	    !token.len)
		return false;
	kb_grow(&list->tokens, &list->cap, rank + 1, sizeof(*list->tokens));
	while (list->n <= rank)
		list->tokens[list->n++] = (struct kb_str){NULL, 0};
	if (list->tokens[rank].len)
		return false;
	list->tokens[rank] = token;
	return true;
}

int kb_tiktoken_read(struct kb_bpe_owned *owned, struct kb_str text,
		     enum kb_split_rule rule, struct kb_err *err)
{
	struct list list = {.tokens = NULL};
	size_t line = 0, at = 0;
	int rc = 0;

	kb_arena_init(&list.arena);
	while (rc == 0 && at < text.len) {
		const char *p = text.ptr + at;
		const char *end = memchr(p, '\n', text.len - at);
		size_t len = end ? (size_t)(end - p) : text.len - at;

		line++;
		at += len + 1;
		if (len && !read_line(&list, p, len))
			rc = kb_err_set(err, KB_EFORMAT,
					"line %zu is not base64, a blank and a "
					"rank of its own",
					line);
	}
	if (rc == 0)
		rc = kb_bpe_from_tokens(owned, rule, list.tokens, list.n, err);
	kb_arena_release(&list.arena);
	free(list.tokens);
	return rc;
}
