#include "token/bpe.h"

#include <stdlib.h>

#include "base/load.h"
#include "base/utf8.h"
#include "token/bpe_piece.h"
#include "token/bpe_whole.h"

/*
 * Counts of short pieces met before, by their bytes; one that comes to the
 * place of another takes it. Words repeat: of English text most are found here.
 * Those of up to SMALL bytes take one number: the bytes, behind them the
 * length and the tokens.
 */
#define SMALL	    7
#define MEDIUM	    16
#define SMALL_BITS  15
#define MEDIUM_BITS 14

struct memo {
	uint64_t low; /* its bytes, zeros behind them */
	uint64_t high;
	uint32_t len; /* 0: free */
	uint32_t tokens;
};

struct kb_bpe_counter {
	const struct kb_bpe *bpe;
	struct kb_bpe_room *room;
	uint32_t *ids; /* of one piece */
	size_t id_cap;
	uint64_t small[(size_t)1 << SMALL_BITS];
	struct memo medium[(size_t)1 << MEDIUM_BITS];
};

struct kb_bpe_counter *kb_bpe_counter_new(const struct kb_bpe *bpe)
{
	struct kb_bpe_counter *counter = kb_calloc(1, sizeof(*counter));

	counter->bpe = bpe;
	return counter;
}

void kb_bpe_counter_free(struct kb_bpe_counter *counter)
{
	if (!counter)
		return;
	kb_bpe_room_free(counter->room);
	free(counter->ids);
	free(counter);
}

/* ---- what merging begins with ---- */

/* Does a token cross the border before 'at' and end within a character? */
static bool is_unsafe(const struct kb_bpe *bpe, struct kb_str piece, size_t at)
{
	const unsigned char *p = (const unsigned char *)piece.ptr;
	unsigned char second = at + 1 < piece.len ? p[at + 1] : 0;

	if (at == 0 || at == piece.len)
		return false;
	return kb_utf8_is_inner(piece.ptr[at]) ||
	       kb_bpe_is_border(bpe, kb_bpe_border(p[at - 1], p[at], second));
}

/* What the character at 'at' is to its neighbours: its entry in 'chars', or 0
 * where it has to begin with its bytes. */
static uint32_t char_at(const struct kb_bpe *bpe, struct kb_str piece,
			size_t at)
{
	const char *p = piece.ptr + at;

	if ((*p & 0xf0) != 0xe0 || kb_utf8_len(p, piece.len - at) != 3 ||
	    is_unsafe(bpe, piece, at) || is_unsafe(bpe, piece, at + 3))
		return 0;
	return bpe->chars[kb_utf8_value(p, 3) - KB_BPE_CHAR_FIRST];
}

/* The ids of the bytes. */
static size_t begin_bytes(const struct kb_bpe *bpe, struct kb_str piece,
			  uint32_t *ids)
{
	for (size_t i = 0; i < piece.len; i++)
		ids[i] = bpe->byte_id[(unsigned char)piece.ptr[i]];
	return piece.len;
}

/* The same, but for characters that are one token by then. */
static size_t begin_chars(const struct kb_bpe *bpe, struct kb_str piece,
			  uint32_t *ids)
{
	size_t n = 0;

	for (size_t at = 0; at < piece.len;) {
		uint32_t c = char_at(bpe, piece, at);

		if (c && !(c & KB_BPE_PARTS)) {
			ids[n++] = c;
			at += 3;
			continue;
		}
		ids[n++] = bpe->byte_id[(unsigned char)piece.ptr[at++]];
	}
	return n;
}

static size_t merge_ids(struct kb_bpe_counter *counter, size_t n)
{
	return n > 1
		   ? kb_bpe_merge(counter->bpe, &counter->room, counter->ids, n)
		   : n;
}

/* Nothing is merged across a character that stays in parts, nor between two
 * that no token joins: the piece is counted part by part. */
static size_t count_chars(struct kb_bpe_counter *counter, struct kb_str piece)
{
	const struct kb_bpe *bpe = counter->bpe;
	uint32_t *ids = counter->ids, before = 0;
	size_t n = 0, n_tokens = 0;

	for (size_t at = 0; at < piece.len;) {
		uint32_t c = char_at(bpe, piece, at), cp;

		if (!c) {
			ids[n++] = bpe->byte_id[(unsigned char)piece.ptr[at++]];
			before = 0;
			continue;
		}
		cp = kb_utf8_value(piece.ptr + at, 3);
		at += 3;
		if (c & KB_BPE_PARTS ||
		    (before && !kb_bpe_is_join(bpe, before, cp))) {
			n_tokens += merge_ids(counter, n);
			n = 0;
		}
		before = c & KB_BPE_PARTS ? 0 : cp;
		if (c & KB_BPE_PARTS)
			n_tokens += c & ~KB_BPE_PARTS;
		else
			ids[n++] = c;
	}
	return n_tokens + merge_ids(counter, n);
}

static bool is_whole(const struct kb_bpe *bpe, struct kb_str piece,
		     uint32_t *id)
{
	return bpe->whole &&
	       kb_bpe_whole_find(bpe->whole, piece.ptr, piece.len, id);
}

static void make_room(struct kb_bpe_counter *counter, size_t n)
{
	kb_grow(&counter->ids, &counter->id_cap, n + 1, sizeof(*counter->ids));
}

/* A piece's ids, to counter->ids. */
static size_t encode_piece(struct kb_bpe_counter *counter, struct kb_str piece)
{
	const struct kb_bpe *bpe = counter->bpe;

	make_room(counter, piece.len);
	if (is_whole(bpe, piece, counter->ids))
		return 1;
	return merge_ids(counter, bpe->chars
				      ? begin_chars(bpe, piece, counter->ids)
				      : begin_bytes(bpe, piece, counter->ids));
}

static size_t count_long(struct kb_bpe_counter *counter, struct kb_str piece)
{
	uint32_t id;

	if (is_whole(counter->bpe, piece, &id))
		return 1;
	make_room(counter, piece.len);
	if (counter->bpe->chars)
		return count_chars(counter, piece);
	return merge_ids(counter,
			 begin_bytes(counter->bpe, piece, counter->ids));
}

/* ---- counting ---- */

/* Up to 8 bytes, zeros behind them, of which 'room' may be read. */
static inline uint64_t load_some(const char *p, size_t len, size_t room)
{
	unsigned char bytes[8] = {0};

	if (room >= 8)
		return len ? kb_load64((const unsigned char *)p) &
				 UINT64_MAX >> (64 - 8 * len)
			   : 0;
	memcpy(bytes, p, len);
	return kb_load64(bytes);
}

static inline uint64_t mixed(uint64_t x)
{
	return x * 0x9e3779b97f4a7c15u;
}

static inline size_t count_small(struct kb_bpe_counter *counter,
				 const char *piece, size_t len, size_t room)
{
	uint64_t key = load_some(piece, len, room) | (uint64_t)len << 56;
	uint64_t *memo = &counter->small[mixed(key) >> (64 - SMALL_BITS)];
	size_t n;

	if ((*memo & UINT64_MAX >> 4) == key)
		return *memo >> 60;
	n = count_long(counter, (struct kb_str){piece, len});
	*memo = key | (uint64_t)n << 60;
	return n;
}

static inline size_t count_medium(struct kb_bpe_counter *counter,
				  const char *piece, size_t len, size_t room)
{
	uint64_t low = load_some(piece, 8, room);
	uint64_t high = load_some(piece + 8, len - 8, room - 8);
	struct memo *memo =
	    &counter
		 ->medium[mixed(low ^ mixed(high + len)) >> (64 - MEDIUM_BITS)];

	if (memo->low != low || memo->high != high || memo->len != len)
		*memo =
		    (struct memo){.low = low,
				  .high = high,
				  .len = (uint32_t)len,
				  .tokens = (uint32_t)count_long(
				      counter, (struct kb_str){piece, len})};
	return memo->tokens;
}

static inline size_t count_piece(struct kb_bpe_counter *counter,
				 const char *piece, size_t len, size_t room)
{
	if (len == 1)
		return 1;
	if (len <= SMALL)
		return count_small(counter, piece, len, room);
	if (len >= 8 && len <= MEDIUM)
		return count_medium(counter, piece, len, room);
	return count_long(counter, (struct kb_str){piece, len});
}

size_t kb_bpe_count(struct kb_bpe_counter *counter, const char *text,
		    size_t len)
{
	enum kb_split_rule rule = counter->bpe->rule;
	size_t n = 0;

	for (size_t at = 0, end; at < len; at = end) {
		end = kb_token_split(rule, text, len, at);
		n += count_piece(counter, text + at, end - at, len - at);
	}
	return n;
}

void kb_bpe_encode(struct kb_bpe_counter *counter, const char *text, size_t len,
		   struct kb_buf *out)
{
	for (size_t at = 0, end; at < len; at = end) {
		size_t n;

		end = kb_token_split(counter->bpe->rule, text, len, at);
		n = encode_piece(counter, (struct kb_str){text + at, end - at});
		kb_buf_add(out, counter->ids, n * sizeof(*counter->ids));
	}
}
