#include "record/reasoning.h"

#include <assert.h>

static const struct {
	const char *open, *close;
} tags[] = {
    {"<think>", "</think>"},
    {"<thinking>", "</thinking>"},
};

enum { N_TAGS = sizeof(tags) / sizeof(tags[0]), TAG_MAX = 11 };

/* Do the bytes that are left begin the tag, as far as they go, or are they a
 * closing one, which what follows decides on? */
static bool may_become(struct kb_str rest, const char *tag)
{
	size_t most = strlen(tag) - (tag[1] != '/');

	return rest.len <= most && kb_is_folded(rest.ptr, tag, rest.len);
}

static bool may_become_any(struct kb_str rest)
{
	for (int i = 0; i < N_TAGS; i++)
		if (may_become(rest, tags[i].open) ||
		    may_become(rest, tags[i].close))
			return true;
	return false;
}

static bool give(struct kb_reasoning *r, enum kb_reasoning_kind kind,
		 size_t end, struct kb_reasoning_span *span)
{
	*span = (struct kb_reasoning_span){kind, r->pos, end};
	r->pos = end;
	return true;
}

/* Where the open tag's end stands, at or behind r->scanned; text.len: nowhere.
 */
static size_t find_close(struct kb_reasoning *r, struct kb_str text)
{
	const char *close = tags[r->inside - 1].close;
	size_t from = r->scanned > r->pos ? r->scanned : r->pos;

	for (const char *p; from < text.len;
	     from = (size_t)(p + 1 - text.ptr)) {
		p = memchr(text.ptr + from, '<', text.len - from);
		if (!p)
			break;
		from = (size_t)(p - text.ptr);
		if (kb_starts_folded(p, text.len - from, close))
			return from;
	}
	if (text.len > TAG_MAX)
		r->scanned = text.len - TAG_MAX;
	return text.len;
}

/* Bytes of the open tag. */
static size_t open_len(const struct kb_reasoning *r)
{
	return strlen(tags[r->inside - 1].open);
}

static bool begins_line(struct kb_str text, size_t at)
{
	while (at && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '\t'))
		at--;
	return !at || text.ptr[at - 1] == '\n';
}

/* Inside: the thought and its closing tag come in two spans. */
static bool next_inside(struct kb_reasoning *r, struct kb_str text, bool more,
			struct kb_reasoning_span *span)
{
	size_t at = find_close(r, text);

	if (at < text.len && at > r->pos)
		return give(r, KB_REASONING_THOUGHT, at, span);
	if (at < text.len) {
		at += strlen(tags[r->inside - 1].close);
		r->inside = 0;
		return give(r, KB_REASONING_TAG, at, span);
	}
	if (more || r->pos == text.len)
		return false;
	if (!r->any_text || begins_line(text, r->pos - open_len(r)))
		return give(r, KB_REASONING_THOUGHT, text.len, span);
	/* The tag was only a word. */
	r->pos -= open_len(r);
	r->inside = 0;
	return give(r, KB_REASONING_ANSWER, text.len, span);
}

static bool is_blank(struct kb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!kb_is_space(text.ptr[i]))
			return false;
	return true;
}

/* A tag at r->pos that counts. */
static bool take_tag(struct kb_reasoning *r, struct kb_str text,
		     struct kb_reasoning_span *span)
{
	struct kb_str rest = kb_str_skip(text, r->pos);
	char before = r->pos ? text.ptr[r->pos - 1] : '\n';

	for (int i = 0; i < N_TAGS && before != '`'; i++) {
		size_t n = kb_starts_folded(rest.ptr, rest.len, tags[i].open);

		if (n) {
			r->inside = i + 1;
			r->any_tag = true;
			return give(r, KB_REASONING_TAG, r->pos + n, span);
		}
		n = kb_starts_folded(rest.ptr, rest.len, tags[i].close);
		if (n && !r->any_tag &&
		    (before == '\n' || (n < rest.len && rest.ptr[n] == '\n'))) {
			r->any_tag = true;
			r->any_text = false;
			return give(r, KB_REASONING_RECALL, r->pos + n, span);
		}
	}
	return false;
}

bool kb_reasoning_next(struct kb_reasoning *r, struct kb_str text, bool more,
		       struct kb_reasoning_span *span)
{
	struct kb_str rest;
	size_t end;

	assert(r->pos <= text.len); /* it only grows between calls */
	assert(r->scanned <= text.len);
	if (r->inside)
		return next_inside(r, text, more, span);
	if (r->pos == text.len)
		return false;
	rest = kb_str_skip(text, r->pos);
	if (*rest.ptr == '<' && take_tag(r, text, span))
		return true;
	if (more && *rest.ptr == '<' && may_become_any(rest))
		return false;
	/* Up to the next tag that may count. */
	for (end = 1; end < rest.len && rest.ptr[end] != '<'; end++)
		;
	r->any_text |= !is_blank((struct kb_str){rest.ptr, end});
	return give(r, KB_REASONING_ANSWER, r->pos + end, span);
}

struct kb_str kb_reasoning_blanked(struct kb_str text, struct kb_arena *arena)
{
	struct kb_reasoning r = {0};
	struct kb_reasoning_span span;
	char *copy = NULL;

	while (kb_reasoning_next(&r, text, false, &span)) {
		if (span.kind == KB_REASONING_ANSWER) {
			if (copy)
				memcpy(copy + span.start, text.ptr + span.start,
				       span.end - span.start);
			continue;
		}
		if (!copy)
			copy = kb_arena_strndup(arena, text.ptr, text.len);
		if (span.kind == KB_REASONING_RECALL)
			span.start = 0;
		memset(copy + span.start, ' ', span.end - span.start);
	}
	return copy ? (struct kb_str){copy, text.len} : text;
}
