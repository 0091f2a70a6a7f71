/* Answers that vote: pieces of the input, parted by a zero byte. Each is in one
 * group, agrees with itself, and is asked for no more than there may be. */
#include <stdint.h>
#include <stdlib.h>

#include "llm/votes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str rest = {(const char *)data, size};
	struct kb_votes *votes;
	struct kb_arena arena;
	size_t sum = 0;

	kb_arena_init(&arena);
	votes = kb_arena_alloc(&arena, sizeof(*votes));
	kb_votes_init(votes, &arena);
	while (rest.len && votes->cast < KB_VOTES_MAX) {
		const char *end = memchr(rest.ptr, 0, rest.len);
		struct kb_str text = {rest.ptr, end ? (size_t)(end - rest.ptr)
						    : rest.len};
		struct kb_str final = kb_vote_final(text);

		if (final.len && (final.ptr < text.ptr ||
				  final.ptr + final.len > text.ptr + text.len))
			abort();
		if (!kb_vote_agree(final, final, &arena))
			abort();
		kb_votes_cast(votes, text, votes->cast);
		if (kb_votes_more(votes, 1, 8) > 8)
			abort();
		rest = kb_str_skip(rest, text.len + (end != NULL));
	}
	for (size_t i = 0; i < votes->n; i++)
		sum += votes->groups[i].n;
	if (sum != votes->cast)
		abort();
	if (votes->cast && !(kb_votes_confidence(votes) >= 0 &&
			     kb_votes_confidence(votes) <= 1))
		abort();
	kb_arena_release(&arena);
	return 0;
}
