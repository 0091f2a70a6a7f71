#include "llm/votes.h"

#include <assert.h>
#include <math.h>

#include "base/ascii.h"
#include "base/num.h"
#include "base/utf8.h"
#include "llm/vote_weights.h"

void kb_votes_init(struct kb_votes *votes, struct kb_arena *arena)
{
	*votes = (struct kb_votes){.arena = arena};
}

static double alone_odds(struct kb_str text)
{
	double characters = 0, digits = 0, lines = 0;
	uint32_t cp;

	for (size_t i = 0; i < text.len; characters++) {
		digits += kb_is_digit(text.ptr[i]);
		lines += text.ptr[i] == '\n';
		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
	}
	return KB_VOTE_ALONE_BIAS +
	       KB_VOTE_ALONE_CHARACTERS * log(1 + characters) +
	       KB_VOTE_ALONE_DIGITS * log(1 + digits) +
	       KB_VOTE_ALONE_LINES * log(1 + lines);
}

void kb_votes_cast(struct kb_votes *votes, struct kb_str text, size_t sample)
{
	struct kb_str final = kb_vote_final(text);
	struct kb_vote *group = NULL;

	assert(votes->cast < KB_VOTES_MAX);
	if (!votes->cast++)
		votes->alone = alone_odds(text);
	for (size_t i = 0; !group && i < votes->n; i++)
		if (kb_vote_agree(votes->groups[i].final, final, votes->arena))
			group = &votes->groups[i];
	if (!group) {
		group = &votes->groups[votes->n++];
		*group = (struct kb_vote){text, final, sample, 0};
	}
	group->n++;
}

const struct kb_vote *kb_votes_lead(const struct kb_votes *votes)
{
	const struct kb_vote *lead = NULL;

	for (size_t i = 0; i < votes->n; i++)
		if (!lead || votes->groups[i].n > lead->n)
			lead = &votes->groups[i];
	return lead;
}

static const struct kb_vote *second(const struct kb_votes *votes)
{
	const struct kb_vote *lead = kb_votes_lead(votes), *next = NULL;

	for (size_t i = 0; i < votes->n; i++)
		if (&votes->groups[i] != lead &&
		    (!next || votes->groups[i].n > next->n))
			next = &votes->groups[i];
	return next;
}

/* That p > 1/2 of Beta(a + 1, b + 1): of a + b + 1 throws of a coin at most a
 * are heads. */
static double sure_of(size_t a, size_t b)
{
	size_t n = a + b + 1;
	double term = exp2(-(double)n), sum = 0;

	for (size_t i = 0; i <= a; i++) {
		sum += term;
		term *= (double)(n - i) / (double)(i + 1);
	}
	return sum;
}

/* Is it settled with 'lead' votes for the leading one, which others cannot
 * reach with what is left? */
static bool is_settled(size_t lead, size_t next, bool lead_is_first,
		       size_t left)
{
	if (lead > next + left || (lead == next + left && lead_is_first))
		return true;
	return sure_of(lead, next) >= KB_VOTE_SURE;
}

size_t kb_votes_more(const struct kb_votes *votes, size_t least, size_t most)
{
	const struct kb_vote *lead = kb_votes_lead(votes),
			     *next = second(votes);
	size_t left = most > votes->cast ? most - votes->cast : 0;
	size_t behind = next ? next->n : 0;
	size_t more = 0;

	if (votes->cast < least)
		return least - votes->cast;
	if (!lead)
		return left ? 1 : 0;
	if (votes->cast == 1 && votes->alone >= KB_VOTE_ALONE_ENOUGH)
		return 0;
	while (more < left && !is_settled(lead->n + more, behind,
					  !next || lead < next, left - more))
		more++;
	return more;
}

double kb_votes_confidence(const struct kb_votes *votes)
{
	const struct kb_vote *lead = kb_votes_lead(votes);
	double alone = votes->alone;

	if (!lead)
		return 0;
	alone = fmin(fmax(alone, KB_VOTE_ALONE_LEAST), KB_VOTE_ALONE_MOST);
	if (votes->cast == 1)
		return kb_sigmoid(KB_VOTE_ONE_BIAS + KB_VOTE_ONE_ALONE * alone);
	return kb_sigmoid(KB_VOTE_MANY_BIAS + KB_VOTE_MANY_ALONE * alone +
			  KB_VOTE_MANY_SHARE * (double)lead->n /
			      (double)votes->cast +
			  KB_VOTE_MANY_VOTES * log((double)votes->cast));
}
