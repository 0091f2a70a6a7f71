#include "llm/rounds.h"

#include <assert.h>

#include "base/ascii.h"
#include "json/write.h"

void kb_rounds_init(struct kb_rounds *rounds, const struct kb_rounds_rule *rule,
		    const struct kb_form_ask *ask, struct kb_arena *arena)
{
	*rounds =
	    (struct kb_rounds){.rule = rule, .arena = arena, .first = *ask};
	if (!rule->schema || ask->kind != KB_FORM_CHAT)
		return;
	rounds->unfit_of =
	    kb_arena_calloc(arena, KB_ROUNDS_CALLS, sizeof(*rounds->unfit_of));
	rounds->first.schema = kb_schema_text(rule->schema);
	rounds->first.schema_strict = kb_schema_is_strict(rule->schema);
	rounds->first.schema_openapi = rule->schema_openapi;
}

static struct kb_call *add_call(struct kb_rounds *rounds,
				const struct kb_form_ask *ask)
{
	struct kb_call *call = kb_arena_calloc(rounds->arena, 1, sizeof(*call));

	assert(rounds->n < KB_ROUNDS_CALLS);
	call->ask = *ask;
	call->arena = rounds->arena;
	rounds->calls[rounds->n++] = call;
	rounds->n_new++;
	return call;
}

/* ---- the schema ---- */

static struct kb_str without_blanks(struct kb_str s)
{
	while (s.len && kb_is_space(*s.ptr))
		s = kb_str_skip(s, 1);
	while (s.len && kb_is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

/* What stands in a fenced block, where that is all of the text. */
static struct kb_str without_fence(struct kb_str text)
{
	struct kb_str s = without_blanks(text), line, inner;

	if (!kb_starts(s.ptr, s.len, "```") || s.len < 7 ||
	    !kb_ends(s.ptr, s.len, "```"))
		return s;
	inner = (struct kb_str){s.ptr, s.len - 3};
	if (!kb_str_line(&inner, &line) || !inner.len)
		return s;
	return without_blanks(inner);
}

/* Is it a whole answer in words, which a schema can be asked of? */
static bool has_text(const struct kb_call *call)
{
	return call->class == KB_RETRY_OK && !call->use_local &&
	       !kb_str_is(call->reply.finish, "length") &&
	       call->reply.text.len > 0;
}

/* The call's text becomes its JSON; what is wrong with that otherwise. */
static struct kb_str fault_of(struct kb_rounds *rounds, struct kb_call *call)
{
	struct kb_pattern_budget budget = KB_PATTERN_BUDGET;
	struct kb_str text = without_fence(call->reply.text), fault = {0};
	struct kb_err err = {0};
	struct kb_json value;
	struct kb_buf faults;
	int rc;

	if (kb_json_check(text.ptr, text.len, &value, &err))
		return kb_str_of(
		    kb_arena_printf(rounds->arena, "no JSON: %s", err.msg));
	kb_buf_init(&faults, 0);
	rc = kb_schema_check(rounds->rule->schema, value, &budget,
			     rounds->arena, &faults, &err);
	if (rc == 1)
		call->reply.text = (struct kb_str){value.ptr, value.len};
	else if (rc < 0)
		fault =
		    kb_str_of(kb_arena_printf(rounds->arena, "%s", err.msg));
	else
		fault = kb_arena_copy(rounds->arena, kb_buf_str(&faults));
	kb_buf_release(&faults);
	return fault;
}

static void put_turn(struct kb_jw *w, const char *role, struct kb_str text)
{
	kb_jw_obj(w);
	kb_jw_key(w, "role");
	kb_jw_cstr(w, role);
	kb_jw_key(w, "content");
	kb_jw_str(w, text);
	kb_jw_end(w);
}

/* The messages once more, what came, and what is wrong with it. */
static void ask_again(struct kb_rounds *rounds, const struct kb_call *call,
		      struct kb_str fault)
{
	struct kb_form_ask ask = rounds->first;
	struct kb_json list = {0};
	struct kb_json_iter it;
	struct kb_buf out, text;
	struct kb_jw w;

	kb_json_check(ask.messages.ptr, ask.messages.len, &list, NULL);
	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_arr(&w);
	for (it = kb_json_iter(list); kb_json_next(&it);)
		kb_jw_raw(&w, (struct kb_str){it.val.ptr, it.val.len});
	put_turn(&w, "assistant", call->reply.text);
	kb_buf_init(&text, 0);
	kb_buf_add_cstr(&text, "This is not of the JSON Schema that was asked "
			       "for: ");
	kb_buf_add_str(&text, fault);
	kb_buf_add_cstr(&text, "\nAnswer again, with nothing but JSON of this "
			       "schema:\n");
	kb_buf_add_str(&text, ask.schema);
	put_turn(&w, "user", kb_buf_str(&text));
	kb_jw_end(&w);
	ask.messages = kb_arena_copy(rounds->arena, kb_buf_str(&out));
	kb_buf_release(&text);
	kb_buf_release(&out);
	add_call(rounds, &ask);
	rounds->repaired = true;
}

/* Look at what has come since the last time. */
static void check_new(struct kb_rounds *rounds)
{
	for (; rounds->n_checked < rounds->n; rounds->n_checked++) {
		struct kb_call *call = rounds->calls[rounds->n_checked];

		if (rounds->unfit_of && has_text(call))
			rounds->unfit_of[rounds->n_checked] =
			    fault_of(rounds, call);
	}
}

/* The chosen one is not of the schema: true when another is asked for. */
static bool repairs(struct kb_rounds *rounds, size_t chosen)
{
	if (!rounds->unfit_of)
		return false;
	rounds->unfit = rounds->unfit_of[chosen];
	if (!rounds->unfit.len || rounds->repaired)
		return false;
	ask_again(rounds, rounds->calls[chosen], rounds->unfit);
	rounds->unfit.len = 0;
	return true;
}

/* ---- samples ---- */

/* Has a call an answer that may vote? */
static bool is_vote(const struct kb_rounds *rounds, size_t i)
{
	return has_text(rounds->calls[i]) &&
	       !(rounds->unfit_of && rounds->unfit_of[i].len);
}

/* Count the votes of this leg; the calls that have none are returned. */
static size_t count_votes(struct kb_rounds *rounds)
{
	size_t none = 0;

	if (!rounds->votes)
		rounds->votes =
		    kb_arena_alloc(rounds->arena, sizeof(*rounds->votes));
	kb_votes_init(rounds->votes, rounds->arena);
	for (size_t i = rounds->leg_start; i < rounds->n; i++) {
		if (is_vote(rounds, i))
			kb_votes_cast(rounds->votes,
				      rounds->calls[i]->reply.text, i);
		else
			none++;
	}
	return none;
}

/* How many more samples are asked for; *chosen otherwise has the most votes.
 * Where nobody gives an answer no more are asked for. */
static size_t more_samples(struct kb_rounds *rounds, size_t *chosen)
{
	size_t most = rounds->rule->samples, least = rounds->rule->least, none,
	       more;

	if (most <= 1 || rounds->first.kind != KB_FORM_CHAT || rounds->repaired)
		return 0;
	none = count_votes(rounds);
	if (!rounds->votes->cast)
		return 0;
	most = most > none ? most - none : 0;
	more = kb_votes_more(rounds->votes, least < most ? least : most, most);
	if (!more)
		*chosen = kb_votes_lead(rounds->votes)->sample;
	return more;
}

struct kb_str kb_rounds_samples(const struct kb_rounds *rounds)
{
	struct kb_str text = {0};
	struct kb_buf out;
	struct kb_jw w;

	if (!rounds->votes)
		return text;
	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_arr(&w);
	for (size_t i = rounds->leg_start; i < rounds->n; i++)
		if (rounds->calls[i] != rounds->chosen && is_vote(rounds, i))
			kb_jw_str(&w, rounds->calls[i]->reply.text);
	kb_jw_end(&w);
	text = kb_arena_copy(rounds->arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return text;
}

/* ---- all ---- */

void kb_rounds_escalate(struct kb_rounds *rounds)
{
	rounds->leg_start = rounds->n;
	rounds->repaired = false;
	rounds->votes = NULL;
	rounds->chosen = NULL;
	rounds->unfit.len = 0;
}

/* The first round of a leg. */
static void ask_first(struct kb_rounds *rounds)
{
	size_t n = 1;

	if (rounds->rule->samples > 1 && rounds->first.kind == KB_FORM_CHAT &&
	    rounds->rule->least > 1)
		n = rounds->rule->least;
	while (n--)
		add_call(rounds, &rounds->first);
}

void kb_rounds_next(struct kb_rounds *rounds)
{
	size_t chosen = rounds->n - 1, more;

	assert(!rounds->under_way);
	rounds->n_new = 0;
	if (rounds->n == rounds->leg_start) {
		ask_first(rounds);
		return;
	}
	check_new(rounds);
	more = more_samples(rounds, &chosen);
	for (size_t i = 0; i < more; i++)
		add_call(rounds, &rounds->first);
	if (more || repairs(rounds, chosen))
		return;
	rounds->chosen = rounds->calls[chosen];
}

struct kb_str kb_rounds_members(const struct kb_rounds *rounds)
{
	const struct kb_votes *votes = rounds->votes;
	struct kb_str text = {0};
	struct kb_buf out;
	struct kb_jw w;

	if (!rounds->leg && !rounds->repaired && !votes)
		return text;
	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	if (rounds->leg) {
		kb_jw_key(&w, "cascade");
		kb_jw_cstr(&w, rounds->leg);
	}
	if (rounds->repaired) {
		kb_jw_key(&w, "repaired");
		kb_jw_bool(&w, !rounds->unfit.len);
	}
	if (votes && votes->cast) {
		kb_jw_key(&w, "votes");
		kb_jw_fixed(
		    &w, (double)kb_votes_lead(votes)->n / (double)votes->cast,
		    4);
		kb_jw_key(&w, "confidence");
		kb_jw_fixed(&w, kb_votes_confidence(votes), 4);
	}
	kb_jw_end(&w);
	text = kb_arena_copy(rounds->arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return text;
}
