#include "token/bpe_image.h"

#include <assert.h>

/* Behind the head the parts, each from a multiple of KB_BPE_IMAGE_ALIGN on, at
 * so many bytes from the first of the head. */
struct head {
	char magic[8];
	uint32_t rule, n_groups, n_ranks;
	uint32_t slots, pairs, byte_id, chars, borders, joins;
};

static const char magic[8] = "kb-bpe2";

static uint32_t add_part(struct kb_buf *out, size_t from, const void *part,
			 size_t size)
{
	size_t at;

	while ((out->len - from) % KB_BPE_IMAGE_ALIGN)
		kb_buf_add_char(out, 0);
	at = out->len - from;
	kb_buf_add(out, part, size);
	return (uint32_t)at;
}

void kb_bpe_image_write(const struct kb_bpe *bpe, size_t n_slots,
			struct kb_buf *out)
{
	struct head head = {.rule = (uint32_t)bpe->rule,
			    .n_groups = bpe->n_groups,
			    .n_ranks = bpe->n_ranks};
	size_t from = out->len;

	assert(!bpe->whole && !bpe->id_of_rank && bpe->chars);
	memcpy(head.magic, magic, sizeof(magic));
	kb_buf_add(out, &head, sizeof(head));
	head.slots =
	    add_part(out, from, bpe->slots, n_slots * sizeof(*bpe->slots));
	head.pairs =
	    add_part(out, from, bpe->pairs, bpe->n_ranks * sizeof(*bpe->pairs));
	head.byte_id =
	    add_part(out, from, bpe->byte_id, 256 * sizeof(*bpe->byte_id));
	head.chars =
	    add_part(out, from, bpe->chars, KB_BPE_CHARS * sizeof(*bpe->chars));
	head.borders = add_part(out, from, bpe->borders,
				((size_t)1 << KB_BPE_BORDER_BITS) / 8);
	head.joins = add_part(out, from, bpe->joins,
			      ((size_t)1 << KB_BPE_JOIN_BITS) / 8);
	memcpy(out->ptr + from, &head, sizeof(head));
}

void kb_bpe_image_open(const void *image, struct kb_bpe *bpe)
{
	const char *from = image;
	struct head head;
	const void *slots, *pairs, *byte_id, *chars, *borders, *joins;

	memcpy(&head, image, sizeof(head));
	assert(!memcmp(head.magic, magic, sizeof(magic)));
	slots = from + head.slots;
	pairs = from + head.pairs;
	byte_id = from + head.byte_id;
	chars = from + head.chars;
	borders = from + head.borders;
	joins = from + head.joins;
	*bpe = (struct kb_bpe){.rule = (enum kb_split_rule)head.rule,
			       .slots = slots,
			       .pairs = pairs,
			       .n_groups = head.n_groups,
			       .n_ranks = head.n_ranks,
			       .byte_id = byte_id,
			       .chars = chars,
			       .borders = borders,
			       .joins = joins};
}
