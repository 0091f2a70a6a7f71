#include "query/pattern.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"

struct kb_pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	char text[KB_QUOTE_MAX]; /* for messages */
};

static int refuse(struct kb_str text, int why, size_t at, struct kb_err *err)
{
	char quote[KB_QUOTE_MAX];
	unsigned char reason[128];

	if (pcre2_get_error_message(why, reason, sizeof(reason)) < 0)
		reason[0] = '\0';
	return kb_err_set(err, KB_EINVAL, "pattern '%s': %s at byte %zu",
			  kb_err_quote(quote, text.ptr, text.len),
			  (const char *)reason, at + 1);
}

int kb_pattern_new(struct kb_pattern **out, struct kb_str text, bool fold,
		   struct kb_err *err)
{
	const uint32_t options = PCRE2_UTF | PCRE2_UCP |
				 PCRE2_MATCH_INVALID_UTF |
				 PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT |
				 (fold ? PCRE2_CASELESS : 0);
	struct kb_pattern *p;
	pcre2_code *code;
	size_t at;
	int why;

	*out = NULL;
	if (text.len > KB_PATTERN_SIZE_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "pattern of %zu bytes, the limit is %u",
				  text.len, KB_PATTERN_SIZE_MAX);
	code = pcre2_compile((PCRE2_SPTR)text.ptr, text.len, options, &why, &at,
			     NULL);
	if (!code)
		return refuse(text, why, at, err);
	/* Where the system has no JIT, or forbids it, matching is slower. */
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	p = kb_calloc(1, sizeof(*p));
	p->code = code;
	p->match = pcre2_match_data_create(1, NULL);
	p->limits = pcre2_match_context_create(NULL);
	p->stack = pcre2_jit_stack_create(
	    32 << 10, (size_t)KB_PATTERN_HEAP_MAX << 10, NULL);
	if (!p->match || !p->limits)
		kb_oom();
	/* Steps are counted here, not by the library, which begins anew at
	 * each place of the subject. */
	pcre2_set_match_limit(p->limits, UINT32_MAX);
	pcre2_set_heap_limit(p->limits, KB_PATTERN_HEAP_MAX);
	pcre2_jit_stack_assign(p->limits, NULL, p->stack);
	kb_err_quote(p->text, text.ptr, text.len);
	*out = p;
	return KB_OK;
}

void kb_pattern_free(struct kb_pattern *p)
{
	if (!p)
		return;
	pcre2_code_free(p->code);
	pcre2_match_data_free(p->match);
	pcre2_match_context_free(p->limits);
	pcre2_jit_stack_free(p->stack);
	free(p);
}

struct count {
	uint64_t steps, most;
	size_t at; /* byte of the subject at the last step */
};

/* Before each item of the pattern. */
static int count_step(pcre2_callout_block *block, void *data)
{
	struct count *count = data;
	size_t at = block->current_position;

	count->steps += 1 + (at > count->at ? (at - count->at) / 4 : 0);
	count->at = at;
	return count->steps > count->most ? PCRE2_ERROR_CALLOUT : 0;
}

static int give_up(const struct kb_pattern *p, int why, struct kb_err *err)
{
	unsigned char reason[128];

	if (why == PCRE2_ERROR_CALLOUT || why == PCRE2_ERROR_MATCHLIMIT)
		return kb_err_set(err, KB_ELIMIT,
				  "pattern '%s' gives up: more than %u steps "
				  "of matching",
				  p->text, KB_PATTERN_STEPS_SHARED);
	if (pcre2_get_error_message(why, reason, sizeof(reason)) < 0)
		reason[0] = '\0';
	return kb_err_set(err, KB_ELIMIT, "pattern '%s' gives up: %s", p->text,
			  (const char *)reason);
}

int kb_pattern_match(struct kb_pattern *p, struct kb_str subject,
		     struct kb_pattern_budget *budget, struct kb_err *err)
{
	struct count count = {.most = budget->left + KB_PATTERN_STEPS_FREE};
	int rc;

	pcre2_set_callout(p->limits, count_step, &count);
	rc = pcre2_match(p->code, (PCRE2_SPTR)(subject.len ? subject.ptr : ""),
			 subject.len, 0, 0, p->match, p->limits);
	if (count.steps > count.most)
		budget->left = 0;
	else if (count.steps > KB_PATTERN_STEPS_FREE)
		budget->left -= count.steps - KB_PATTERN_STEPS_FREE;
	if (rc >= 0)
		return 1;
	return rc == PCRE2_ERROR_NOMATCH ? 0 : give_up(p, rc, err);
}
