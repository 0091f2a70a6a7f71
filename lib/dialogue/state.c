#include "dialogue/state.h"

#include <assert.h>

#include "dialogue/mentions.h"

/* A conversation has one of each: a newer one takes the place of the older. */
static const char *const singles[] = {
    "order", "tracking", "phone",   "email",  "budget", "address", "color",
    "size",  "quantity", "account", "people", "city",	"model",
};

static bool is_single(const char *slot)
{
	for (size_t i = 0; i < sizeof(singles) / sizeof(*singles); i++)
		if (!strcmp(slot, singles[i]))
			return true;
	return false;
}

/* Room for one more: the oldest value that is superseded goes, else the
 * oldest. */
static struct kb_slot *new_slot(struct kb_state *st)
{
	size_t out = 0;

	if (st->n_slots < KB_STATE_SLOTS)
		return &st->slots[st->n_slots++];
	for (size_t i = 0; i < st->n_slots; i++)
		if (st->slots[i].superseded != KB_NOT_SUPERSEDED) {
			out = i;
			break;
		}
	memmove(&st->slots[out], &st->slots[out + 1],
		(st->n_slots - 1 - out) * sizeof(*st->slots));
	return &st->slots[st->n_slots - 1];
}

static void put_slot(struct kb_state *st, const struct kb_slot *slot,
		     bool replaces)
{
	struct kb_slot new = *slot, *to = NULL;

	for (size_t i = 0; i < st->n_slots; i++) {
		struct kb_slot *s = &st->slots[i];

		if (strcmp(s->name, new.name) != 0)
			continue;
		if (kb_str_eq(s->value, new.value)) {
			to = s;
			continue;
		}
		if (!replaces || s->superseded != KB_NOT_SUPERSEDED ||
		    (!is_single(new.name) && s->thread != new.thread))
			continue;
		s->superseded = new.turn;
		new.was = s->value;
	}
	if (!to) {
		to = new_slot(st);
	} else {
		new.settled |= to->settled;
		if (!new.was.len)
			new.was = to->was;
	}
	*to = new;
}

static void read_mentions(struct kb_state *st, const struct kb_convo *convo,
			  size_t turn, unsigned char thread,
			  const struct kb_gazetteer *g)
{
	struct kb_mention m[KB_MENTIONS_MAX];
	struct kb_str text = convo->turns[turn].text;
	size_t n = kb_mentions_find(text, g, convo->arena, m);

	for (size_t i = 0; i < n; i++) {
		const struct kb_slot slot = {
		    .name = m[i].slot,
		    .value = {text.ptr + m[i].start, m[i].end - m[i].start},
		    .norm = m[i].norm,
		    .was = KB_STR(""),
		    .turn = turn,
		    .superseded = KB_NOT_SUPERSEDED,
		    .thread = thread,
		    .settled = m[i].named || is_single(m[i].slot),
		};

		put_slot(st, &slot,
			 slot.settled &&
			     convo->turns[turn].role == KB_ROLE_USER);
	}
}

static void put_entity(struct kb_state *st, struct kb_str text, size_t turn)
{
	size_t oldest = 0;

	for (size_t i = 0; i < st->n_entities; i++) {
		if (kb_str_eq(st->entities[i].text, text)) {
			st->entities[i].turn = turn;
			st->entities[i].times++;
			return;
		}
		if (st->entities[i].turn < st->entities[oldest].turn)
			oldest = i;
	}
	if (st->n_entities < KB_STATE_ENTITIES)
		oldest = st->n_entities++;
	st->entities[oldest] = (struct kb_dialogue_entity){text, turn, 1};
}

void kb_state_read(struct kb_state *state, const struct kb_convo *convo,
		   const struct kb_dialogue_terms *terms,
		   const struct kb_threads *threads,
		   const struct kb_gazetteer *gazetteer)
{
	assert(convo->turns || !convo->n);
	state->n_slots = state->n_entities = 0;
	for (size_t i = 0; i < convo->n; i++) {
		const struct kb_turn *t = &convo->turns[i];
		const struct kb_said *said = &terms->turns[i];

		if (!t->text.len || t->role == KB_ROLE_SYSTEM)
			continue;
		read_mentions(state, convo, i, threads->of_turn[i], gazetteer);
		for (size_t k = 0; k < said->n_phrases; k++)
			if (said->phrases[k].kind >= KB_PHRASE_NAME)
				put_entity(state, said->phrases[k].text, i);
	}
}

void kb_state_write(const struct kb_state *state, bool with_threads,
		    struct kb_jw *w)
{
	kb_jw_obj(w);
	kb_jw_key(w, "slots");
	kb_jw_arr(w);
	for (size_t i = 0; i < state->n_slots; i++) {
		const struct kb_slot *s = &state->slots[i];

		kb_jw_obj(w);
		kb_jw_key(w, "name");
		kb_jw_cstr(w, s->name);
		kb_jw_key(w, "value");
		kb_jw_str(w, s->value);
		kb_jw_key(w, "turn");
		kb_jw_int(w, (int64_t)s->turn);
		if (s->was.len) {
			kb_jw_key(w, "was");
			kb_jw_str(w, s->was);
		}
		if (s->norm.len) {
			kb_jw_key(w, "norm");
			kb_jw_str(w, s->norm);
		}
		if (s->superseded != KB_NOT_SUPERSEDED) {
			kb_jw_key(w, "superseded");
			kb_jw_int(w, (int64_t)s->superseded);
		}
		if (with_threads)
			kb_jw_count(w, "thread", s->thread + 1u);
		kb_jw_end(w);
	}
	kb_jw_end(w);
	kb_jw_key(w, "entities");
	kb_jw_arr(w);
	for (size_t i = 0; i < state->n_entities; i++) {
		kb_jw_obj(w);
		kb_jw_key(w, "text");
		kb_jw_str(w, state->entities[i].text);
		kb_jw_key(w, "turn");
		kb_jw_int(w, (int64_t)state->entities[i].turn);
		kb_jw_end(w);
	}
	kb_jw_end(w);
	kb_jw_end(w);
}
