#include "doc/chunk.h"

#include <assert.h>

#include "base/buf.h"
#include "doc/blocks.h"

/*
 * A table that is longer than a chunk is cut between rows, and what a row
 * says is told by the names of its columns. So the text is written anew with
 * the head before each part, every part a block of its own.
 */
#define HEAD_SIZE_MAX 512u
#define HEAD_ROWS_MAX 4

struct heads {
	struct kb_doc *doc;
	struct kb_arena *arena;
	uint32_t target, max;
	struct kb_buf text;
	uint32_t copied; /* bytes of the old text */
	const struct kb_block *old;
	size_t n_old, cap;
};

static uint32_t line_end(const char *text, uint32_t pos, uint32_t end)
{
	const char *nl = memchr(text + pos, '\n', end - pos);

	return nl ? (uint32_t)(nl - text) + 1 : end;
}

static uint32_t tokens_of(const struct heads *h, uint32_t start, uint32_t end)
{
	return kb_chunk_tokens(h->doc->text.ptr + start, end - start);
}

static void copy_to(struct heads *h, uint32_t pos)
{
	assert(h->copied <= pos && pos <= h->doc->text.len);
	kb_buf_add(&h->text, h->doc->text.ptr + h->copied, pos - h->copied);
	h->copied = pos;
}

/* The end of the head: the rows as far as a rule, or else the first. */
static uint32_t head_end(const struct heads *h, const struct kb_block *b)
{
	const char *text = h->doc->text.ptr;
	uint32_t first = line_end(text, b->start, b->end), end = first;

	for (int i = 0; i < HEAD_ROWS_MAX; i++) {
		uint32_t next = line_end(text, end, b->end);

		if (kb_doc_is_table_rule(
			(struct kb_str){text + end, next - end}))
			return next;
		end = next;
	}
	return first;
}

static struct kb_block *add_part(struct heads *h, uint32_t line)
{
	struct kb_block *part =
	    kb_doc_add_block(h->doc, &h->cap, h->arena, KB_BLOCK_TABLE);

	part->start = (uint32_t)h->text.len;
	part->line = line;
	return part;
}

static void end_part(struct heads *h, struct kb_block *part, uint32_t pos)
{
	copy_to(h, pos);
	part->end = (uint32_t)h->text.len;
	while (part->end > part->start &&
	       (unsigned char)h->text.ptr[part->end - 1] <= ' ')
		part->end--;
}

/*
 * The parts of table b. 'lead' tokens of headings go before the first. A row
 * that does not fit behind the head is a part without one.
 */
static void split_table(struct heads *h, const struct kb_block *b,
			uint32_t lead)
{
	const char *text = h->doc->text.ptr;
	const uint32_t head = head_end(h, b),
		       step = h->doc->text_lines && b->line;
	const uint32_t head_tokens = tokens_of(h, b->start, head);
	struct kb_block *part = add_part(h, b->line);
	uint32_t tokens = lead, line = b->line, pos, next;

	for (pos = b->start; pos < b->end; pos = next, line += step) {
		uint32_t row;

		next = line_end(text, pos, b->end);
		row = tokens_of(h, pos, next);
		if (pos > head && tokens + row > h->target) {
			end_part(h, part, pos);
			kb_buf_add_char(&h->text, '\n');
			part = add_part(h, line);
			tokens = 0;
			if (head_tokens + row <= h->max) {
				kb_buf_add(&h->text, text + b->start,
					   head - b->start);
				tokens = head_tokens;
			}
		}
		tokens += row;
	}
	end_part(h, part, b->end);
}

/* Is the table cut, and its head small beside a part? That also bounds what
 * the text grows by. */
static bool is_cut(const struct heads *h, const struct kb_block *b,
		   uint32_t lead)
{
	uint32_t head;

	if (b->type != KB_BLOCK_TABLE ||
	    lead + tokens_of(h, b->start, b->end) <= h->max)
		return false;
	head = head_end(h, b);
	return head < b->end && head - b->start <= HEAD_SIZE_MAX &&
	       tokens_of(h, b->start, head) <= h->target / 4;
}

/* Copy a block that stays as it is. */
static void move_block(struct heads *h, const struct kb_block *b)
{
	struct kb_block *moved =
	    kb_doc_add_block(h->doc, &h->cap, h->arena, KB_BLOCK_PARAGRAPH);
	uint32_t shift = (uint32_t)h->text.len - b->start;

	*moved = *b;
	moved->start += shift;
	moved->end += shift;
	moved->title_start += shift;
	moved->title_end += shift;
	copy_to(h, b->end);
}

static void rewrite(struct heads *h)
{
	uint32_t lead = 0;

	for (size_t i = 0; i < h->n_old; i++) {
		const struct kb_block *b = &h->old[i];

		copy_to(h, b->start);
		if (is_cut(h, b, lead))
			split_table(h, b, lead);
		else
			move_block(h, b);
		lead = b->type == KB_BLOCK_HEADING
			   ? lead + tokens_of(h, b->start, b->end)
			   : 0;
	}
	copy_to(h, (uint32_t)h->doc->text.len);
	h->doc->text = kb_arena_copy(h->arena, kb_buf_str(&h->text));
}

void kb_doc_repeat_heads(struct kb_doc *doc, struct kb_arena *arena,
			 uint32_t target, uint32_t max)
{
	struct heads h = {
	    .doc = doc,
	    .arena = arena,
	    .target = target,
	    .max = max,
	    .old = doc->blocks,
	    .n_old = doc->n_blocks,
	};
	uint32_t lead = 0;

	for (size_t i = 0; i < h.n_old; i++) {
		const struct kb_block *b = &h.old[i];

		if (is_cut(&h, b, lead)) {
			doc->blocks = NULL;
			doc->n_blocks = 0;
			kb_buf_init(&h.text, 0);
			rewrite(&h);
			kb_buf_release(&h.text);
			return;
		}
		lead = b->type == KB_BLOCK_HEADING
			   ? lead + tokens_of(&h, b->start, b->end)
			   : 0;
	}
}
