#include "context/shorten.h"

#include <math.h>

#include "context/salience_weights.h"
#include "text/sentence.h"
#include "text/words.h"

/* Sentences of a turn that are looked at, and bytes of the chosen one. */
#define MAX_SENTENCES 20
#define MAX_BYTES     300

#define OMITTED "…"

void kb_shortener_release(struct kb_shortener *s)
{
	kb_terms_release(&s->found);
}

/* The information of a sentence's terms for its length: half way between the
 * most of it and the densest. */
static double worth(struct kb_shortener *s, struct kb_str sentence)
{
	double sum = 0;

	if (kb_is_polite(sentence.ptr, sentence.len))
		return 0;
	kb_terms_reset(&s->found);
	kb_analyze(s->analyzer, sentence.ptr, sentence.len, &s->found);
	for (size_t i = 0; i < s->found.n; i++) {
		const struct kb_dialogue_term *t =
		    kb_dialogue_term(s->terms, s->found.items[i].key);
		bool asked;

		if (!t || t->function || kb_term_class(t->key) == KB_TERM_EXACT)
			continue;
		asked = s->asked && s->asked[t - s->terms->items];
		sum += t->idf * (asked ? ASKED_TERM : 1);
	}
	if (kb_is_question(sentence.ptr, sentence.len))
		sum *= ASKING_SENTENCE;
	return sum / sqrt((double)sentence.len);
}

/* A sentence too long is cut behind its last clause that fits. */
static struct kb_str within(struct kb_str s)
{
	struct kb_sentence_it it = {.text = s.ptr, .len = s.len};
	size_t start, end, fit = 0;

	if (s.len <= MAX_BYTES)
		return s;
	while (kb_clause_next(&it, &start, &end) && end <= MAX_BYTES)
		fit = end;
	s.len = fit;
	return s;
}

/* The sentence that says most. */
static struct kb_str best_of(struct kb_shortener *s, struct kb_str text)
{
	struct kb_sentence_it it = {.text = text.ptr, .len = text.len};
	struct kb_str best = {text.ptr, 0};
	size_t start, end;
	double top = 0;

	for (int i = 0;
	     i < MAX_SENTENCES && kb_sentence_next(&it, &start, &end); i++) {
		struct kb_str one =
		    within((struct kb_str){text.ptr + start, end - start});
		double value = one.len ? worth(s, one) : 0;

		if (value > top) {
			top = value;
			best = one;
		}
	}
	return best;
}

/* Is the content a string, or parts that are texts all? */
static bool is_text(struct kb_json content, struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(content);

	if (content.type != KB_JSON_ARRAY)
		return content.type == KB_JSON_STRING;
	while (kb_json_next(&it))
		if (kb_part_holds(it.val, arena) != KB_HOLDS_TEXT)
			return false;
	return true;
}

struct kb_str kb_shorten(struct kb_shortener *s, const struct kb_turn *turn,
			 struct kb_arena *arena)
{
	struct kb_json content = kb_json_get(turn->raw, "content");
	struct kb_str said = kb_turn_said(turn), best;
	struct kb_str head = {turn->text.ptr, turn->text.len - said.len};

	if ((turn->role != KB_ROLE_USER && turn->role != KB_ROLE_ASSISTANT) ||
	    !is_text(content, arena))
		return KB_STR("");
	best = best_of(s, said);
	if (!best.len || best.len + sizeof(OMITTED) > said.len)
		return KB_STR("");
	return kb_arena_join(arena, kb_arena_join(arena, head, best),
			     KB_STR(OMITTED));
}

void kb_shortened_write(const struct kb_turn *turn, struct kb_str content,
			struct kb_jw *w)
{
	struct kb_json_iter it = kb_json_iter(turn->raw);

	kb_jw_obj(w);
	while (kb_json_next(&it)) {
		if (kb_json_iter_is(&it, "content")) {
			kb_jw_key(w, "content");
			kb_jw_str(w, content);
			continue;
		}
		kb_jw_key_raw(w, it.key);
		kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
	}
	kb_jw_end(w);
}
