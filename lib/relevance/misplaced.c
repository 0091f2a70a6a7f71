/*
 * A value that stands beside something else than what is asked: in another row
 * or column of a table, in another line or clause of "X: weight 3 kg, price 20
 * euros".
 */
#include <string.h>

#include "base/ascii.h"
#include "passage/clause.h"
#include "relevance/lacking.h"
#include "relevance/relevance_weights.h"
#include "text/fold.h"

#define SEGMENTS_MAX 32 /* cells of a row, clauses of a sentence */

/* Note visits of tokens; false when the record has had too many: claims times
 * rows would grow as its square. */
static bool visit(const struct kb_relevance *r, uint64_t n)
{
	*r->placed += n;
	return *r->placed <= PLACED_VISITS;
}

/* A stretch of a sentence: its units of the question. */
struct segment {
	struct kb_tokens tokens;
	uint64_t units;
	bool others; /* it has content that is not of the question */
};

struct segments {
	struct segment items[SEGMENTS_MAX];
	size_t n;
	bool row; /* of a table */
};

static void add_token(const struct kb_relevance *r, struct segment *to,
		      uint32_t i)
{
	const struct kb_prepared_token *t = &r->evidence->tokens[i];
	const uint64_t *bits = kb_map_get(&r->bits, t->key);

	if (to->tokens.from == to->tokens.to)
		to->tokens.from = i;
	to->tokens.to = i + 1;
	if (bits)
		to->units |= *bits;
	else if (t->weight >= CONTENT_TOKEN) /* 一对一 is no unit, but said */
		to->others |= !kb_str_has(
		    r->form.folded, kb_prepared_token_text(r->evidence, i));
}

/* A Chinese character is there with one beside it, as in kb_relevance_begin(),
 * or alone in a cell. */
static void drop_single(const struct kb_relevance *r, struct segment *s)
{
	const struct kb_prepared_token *t = r->evidence->tokens;

	if (s->tokens.to - s->tokens.from == 1)
		return;
	for (size_t u = 0; u < r->n_units; u++) {
		bool is_pair = false, is_han = r->form.units[r->of[u]].is_han;

		if (!(s->units >> u & 1) || !is_han)
			continue;
		for (uint32_t i = s->tokens.from; i < s->tokens.to; i++) {
			if (t[i].key != r->keys[u])
				continue;
			is_pair |= (u + 1 < r->n_units && r->runs >> u & 1 &&
				    i + 1 < s->tokens.to &&
				    t[i + 1].key == r->keys[u + 1]) ||
				   (u && r->runs >> (u - 1) & 1 &&
				    i > s->tokens.from &&
				    t[i - 1].key == r->keys[u - 1]);
		}
		if (!is_pair)
			s->units &= ~(1ull << u);
	}
}

/* The cells of a row, or the clauses of a sentence. */
static void read_segments(const struct kb_relevance *r, uint32_t sentence,
			  struct segments *out)
{
	const struct kb_prepared *ev = r->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str text = ev->texts[s->hit];
	uint32_t at = s->start;
	size_t cell = 0;

	*out = (struct segments){.row = kb_clause_is_row(ev, sentence)};
	for (uint32_t i = s->first; i < s->first + s->n; i++) {
		if (out->row)
			for (; at < ev->tokens[i].start; at++)
				cell += text.ptr[at] == '|';
		else if (i > s->first && kb_clause_begins(ev, i))
			cell++;
		if (cell >= SEGMENTS_MAX)
			break;
		add_token(r, &out->items[cell], i);
		out->n = cell + 1;
	}
	for (size_t k = 0; k < out->n; k++)
		drop_single(r, &out->items[k]);
}

/* 一 of 一对一 is no unit, but said in the question. Numbers in digits are. */
static bool is_said(const struct kb_relevance *r,
		    const struct kb_prepared *claim, uint32_t i)
{
	struct kb_str word = kb_prepared_token_text(claim, i);

	return word.len && (unsigned char)*word.ptr >= 0x80 &&
	       kb_str_has(r->form.folded, word);
}

/* What a claim says that the question does not: its quantities, or all of a
 * brief one. */
static bool is_news(const struct kb_relevance *r,
		    const struct kb_prepared *claim, uint32_t i)
{
	if (claim->tokens[i].weight < CONTENT_TOKEN ||
	    kb_map_get(&r->bits, claim->tokens[i].key) || is_said(r, claim, i))
		return false;
	return claim->n_quantities ? kb_prepared_in_quantity(claim, i)
				   : claim->n_tokens <= BRIEF_TOKENS;
}

/* Share of the claim's news in the tokens. */
static double news_in(const struct kb_relevance *r,
		      const struct kb_prepared *claim, struct kb_tokens in)
{
	double all = 0, found = 0;

	for (uint32_t i = 0; i < claim->n_tokens; i++) {
		uint32_t k = in.from;

		if (!is_news(r, claim, i))
			continue;
		while (k < in.to &&
		       r->evidence->tokens[k].key != claim->tokens[i].key)
			k++;
		all += claim->tokens[i].weight;
		if (k < in.to)
			found += claim->tokens[i].weight;
	}
	return all > 0 ? found / all : 0;
}

/* The only segment that has the news; SEGMENTS_MAX for none or several. */
static size_t segment_of(const struct kb_relevance *r,
			 const struct kb_prepared *claim,
			 const struct segments *s)
{
	size_t only = SEGMENTS_MAX;

	for (size_t k = 0; k < s->n; k++) {
		if (news_in(r, claim, s->items[k].tokens) < 1)
			continue;
		if (only < SEGMENTS_MAX)
			return SEGMENTS_MAX;
		only = k;
	}
	return only;
}

/* Share of the units in the question. What all rows of a table have is as much
 * asked as what one of them has: how common it is in the evidence, as in
 * kb_relevance_weight(), does not count. */
static double share_of(const struct kb_relevance *r, uint64_t units)
{
	double all = 0, sum = 0;

	for (size_t i = 0; i < r->n_units; i++) {
		double weight = r->form.units[r->of[i]].weight;

		all += weight;
		sum += units >> i & 1 ? weight : 0;
	}
	return all > 0 ? sum / all : 0;
}

/* Is the question more about b than about a? */
static bool is_rather(const struct kb_relevance *r, uint64_t a, uint64_t b)
{
	double more = share_of(r, b & ~a);

	return more >= MISPLACED_LEAST &&
	       more >= share_of(r, a & ~b) + MISPLACED_MARGIN;
}

struct kb_str kb_lacking_units(const struct kb_relevance *r, uint64_t units)
{
	size_t first, last;
	const struct kb_form_unit *u = r->form.units;

	if (!units)
		return (struct kb_str){"", 0};
	first = last = (size_t)__builtin_ctzll(units);
	while (last + 1 < r->n_units && r->runs >> last & 1 &&
	       units >> (last + 1) & 1)
		last++;
	return (struct kb_str){r->form.folded.ptr + u[r->of[first]].start,
			       u[r->of[last]].end - u[r->of[first]].start};
}

/* Does a colon stand behind the clause? It says what the next one is of. */
static bool leads(const struct kb_relevance *r, uint32_t sentence,
		  const struct segment *s)
{
	const struct kb_prepared *ev = r->evidence;
	struct kb_str text = ev->texts[ev->sentences[sentence].hit];
	uint32_t end = ev->tokens[s->tokens.to - 1].end;

	return kb_starts(text.ptr + end, text.len - end, ":") ||
	       kb_starts(text.ptr + end, text.len - end, "：") ||
	       kb_starts(text.ptr + end, text.len - end, "**:") ||
	       kb_starts(text.ptr + end, text.len - end, "**：");
}

/* The first cell of a row that is not empty, or what stands before a colon. */
static const struct segment *head_of(const struct kb_relevance *r,
				     uint32_t sentence,
				     const struct segments *s)
{
	size_t k = 0;

	while (k < s->n && s->items[k].tokens.from == s->items[k].tokens.to)
		k++;
	if (k == s->n)
		return NULL;
	return s->row || leads(r, sentence, &s->items[k]) ? &s->items[k] : NULL;
}

/* Of the title: it is said of all that stands below. */
static uint64_t title_units(const struct kb_relevance *r, uint32_t hit)
{
	const struct kb_prepared_sentence *s = r->evidence->sentences;
	uint64_t units = 0;

	for (size_t i = 0; i < r->evidence->n_sentences; i++)
		if (s[i].hit == hit && s[i].title)
			units |= r->own[i];
	return units;
}

/* In another clause of "X: its weight 3 kg, its price 20 euros". */
static struct kb_str other_clause(const struct kb_relevance *r,
				  uint32_t sentence, const struct segments *s,
				  size_t mine)
{
	const struct segment *head = head_of(r, sentence, s);
	uint64_t told, units;

	if (!head)
		return (struct kb_str){"", 0};
	told =
	    head->units | title_units(r, r->evidence->sentences[sentence].hit);
	units = s->items[mine].units & ~told;
	for (size_t k = 0; k < s->n; k++)
		if (k != mine && &s->items[k] != head &&
		    !(k + 1 == mine && leads(r, sentence, &s->items[k])) &&
		    is_rather(r, units, s->items[k].units & ~told))
			return kb_lacking_units(r, s->items[k].units & ~told &
						       ~units);
	return (struct kb_str){"", 0};
}

static bool has_digit(struct kb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (kb_is_digit(text.ptr[i]))
			return true;
	return false;
}

static struct kb_str clause_text(const struct kb_relevance *r,
				 uint32_t sentence, const struct segment *s)
{
	const struct kb_prepared *ev = r->evidence;
	uint32_t start = ev->tokens[s->tokens.from].start;

	return (struct kb_str){ev->texts[ev->sentences[sentence].hit].ptr +
				   start,
			       ev->tokens[s->tokens.to - 1].end - start};
}

/* Has the clause a value of this dimension? */
static bool has_value(struct kb_str clause, unsigned char dim)
{
	struct kb_quantities q = {0};
	bool found = false;

	kb_quantities_find_all(&q, clause.ptr, clause.len);
	for (size_t i = 0; i < q.n; i++)
		found |= q.items[i].dim == dim && !q.items[i].article;
	kb_quantities_release(&q);
	return found;
}

static bool has_only_bounds(struct kb_str clause)
{
	struct kb_quantities q = {0};
	bool only = true;

	kb_quantities_find(&q, clause.ptr, clause.len);
	for (size_t i = 0; i < q.n; i++)
		only &= q.items[i].hi > q.items[i].lo ||
			q.items[i].cmp >= KB_CMP_LE;
	kb_quantities_release(&q);
	return only;
}

/* In a clause with a value of the same kind, where its own has nothing of the
 * question: "came in 1911 and was restored in 1987". */
static struct kb_str other_value(const struct kb_relevance *r,
				 const struct kb_prepared *claim,
				 uint32_t sentence, const struct segments *s,
				 size_t mine)
{
	uint64_t told = title_units(r, r->evidence->sentences[sentence].hit);

	if (claim->n_quantities != 1 || !s->items[mine].others ||
	    s->items[mine].units & ~told)
		return (struct kb_str){"", 0};
	for (size_t k = 0; k < s->n; k++) {
		uint64_t its = s->items[k].units & ~told;

		if (k != mine &&
		    s->items[k].tokens.from < s->items[k].tokens.to &&
		    share_of(r, its) >= OTHER_VALUE &&
		    has_value(clause_text(r, sentence, &s->items[k]),
			      claim->quantities[0].dim))
			return kb_lacking_units(r, its);
	}
	return (struct kb_str){"", 0};
}

/* In the clause of another case: "unfolded 150 cm long, folded 60 cm". A clause
 * before it that names the case and has no value of its own belongs to this
 * one: "single and return, 5 euros". */
static struct kb_str other_case(const struct kb_relevance *r, uint32_t sentence,
				const struct segments *s, size_t mine)
{
	uint32_t hit = r->evidence->sentences[sentence].hit;
	struct kb_str before, word = kb_lacking_contrast(
				  r, clause_text(r, sentence, &s->items[mine]),
				  r->evidence->titles[hit]);

	if (!word.len || !mine ||
	    s->items[mine - 1].tokens.from == s->items[mine - 1].tokens.to)
		return word;
	before = clause_text(r, sentence, &s->items[mine - 1]);
	return kb_str_has(kb_text_fold(r->arena, before), word) &&
		       !has_digit(before)
		   ? (struct kb_str){"", 0}
		   : word;
}

/* The header of a row's table. */
static uint32_t first_row(const struct kb_relevance *r, uint32_t row)
{
	const struct kb_prepared *ev = r->evidence;

	while (row && visit(r, 1) &&
	       ev->sentences[row - 1].hit == ev->sentences[row].hit &&
	       !ev->sentences[row - 1].title && kb_clause_is_row(ev, row - 1))
		row--;
	return row;
}

/* In another row of the same form: the question names its head. */
static struct kb_str other_row(const struct kb_relevance *r, uint32_t sentence,
			       const struct segments *s)
{
	const struct kb_prepared *ev = r->evidence;
	const struct segment *mine = head_of(r, sentence, s);
	uint32_t hit = ev->sentences[sentence].hit;
	struct segments other;
	bool in_table = false;

	if (!mine)
		return (struct kb_str){"", 0};
	for (uint32_t i = r->first[hit];
	     i < ev->n_sentences && ev->sentences[i].hit == hit; i++) {
		const struct segment *head;
		bool row = !ev->sentences[i].title && kb_clause_is_row(ev, i);
		bool header = row && !in_table;

		in_table = row;

		if (i == sentence || header || ev->sentences[i].title ||
		    row != s->row)
			continue;
		if (!visit(r, ev->sentences[i].n))
			break;
		read_segments(r, i, &other);
		head = head_of(r, i, &other);
		if (!head || !head->units || head->others)
			continue;
		if (is_rather(r, mine->units, head->units) ||
		    (mine->others && mine->units == head->units))
			return kb_lacking_units(r, head->units);
	}
	return (struct kb_str){"", 0};
}

/* In another column: the question names its header, and not what stands there:
 * "the passport office" of a column of offices. */
static struct kb_str other_column(const struct kb_relevance *r,
				  uint32_t sentence, const struct segments *row,
				  size_t mine)
{
	struct segments header;
	uint32_t first = first_row(r, sentence);
	size_t head = 0;

	if (first == sentence)
		return (struct kb_str){"", 0};
	read_segments(r, first, &header);
	/* the first names what the rows are of */
	while (head < header.n &&
	       header.items[head].tokens.from == header.items[head].tokens.to)
		head++;
	for (size_t k = head + 1; k < header.n && mine < header.n; k++)
		if (k != mine && !(k < row->n && row->items[k].units) &&
		    is_rather(r, header.items[mine].units,
			      header.items[k].units))
			return kb_lacking_units(r,
						header.items[k].units &
						    ~header.items[mine].units);
	return (struct kb_str){"", 0};
}

/* The sentence of the hit that has the claim's news and most of the question;
 * SIZE_MAX for none. */
static size_t news_sentence(const struct kb_relevance *r,
			    const struct kb_prepared *claim, uint32_t hit)
{
	const struct kb_prepared *ev = r->evidence;
	size_t best = SIZE_MAX;

	for (uint32_t i = r->first[hit];
	     i < ev->n_sentences && ev->sentences[i].hit == hit; i++) {
		const struct kb_prepared_sentence *s = &ev->sentences[i];
		struct kb_tokens all = {s->first, s->first + s->n};

		if (!visit(r, (uint64_t)claim->n_tokens * s->n))
			return SIZE_MAX;
		if (!s->title && news_in(r, claim, all) >= 1 &&
		    (best == SIZE_MAX || r->score[i] > r->score[best]))
			best = i;
	}
	return best;
}

/* The text of the row, or of the clause; with the one before it, where only
 * that has a bound: "from 50 to 200 yuan, shipping is 8 yuan". */
static struct kb_str case_text(const struct kb_relevance *r, uint32_t sentence,
			       const struct segments *s, size_t mine)
{
	const struct kb_prepared *ev = r->evidence;
	const struct kb_prepared_sentence *at = &ev->sentences[sentence];

	if (s->row)
		return (struct kb_str){ev->texts[at->hit].ptr + at->start,
				       at->end - at->start};
	if (mine == SEGMENTS_MAX)
		return (struct kb_str){"", 0};
	return clause_text(r, sentence, &s->items[mine]);
}

/* Of the clause with the claim's news. A clause before it that has only bounds
 * belongs to it. */
static enum kb_case clause_case(const struct kb_relevance *r,
				const struct kb_prepared *claim,
				uint32_t sentence, const struct segments *s,
				size_t mine, struct kb_str *asked)
{
	enum kb_case found =
	    kb_lacking_case(r, case_text(r, sentence, s, mine), claim, asked);
	struct kb_str before;

	if (found != KB_CASE_NONE || s->row || mine == SEGMENTS_MAX || !mine ||
	    s->items[mine - 1].tokens.from == s->items[mine - 1].tokens.to)
		return found;
	before = clause_text(r, sentence, &s->items[mine - 1]);
	return has_only_bounds(before)
		   ? kb_lacking_case(r, before, claim, asked)
		   : found;
}

/* Has another sentence of the hit the claim's news for the case that is asked
 * of? */
static bool is_met_elsewhere(const struct kb_relevance *r,
			     const struct kb_prepared *claim, uint32_t sentence)
{
	const struct kb_prepared *ev = r->evidence;
	uint32_t hit = ev->sentences[sentence].hit;
	struct kb_str asked;

	for (uint32_t i = r->first[hit];
	     i < ev->n_sentences && ev->sentences[i].hit == hit; i++) {
		const struct kb_prepared_sentence *s = &ev->sentences[i];
		struct kb_tokens all = {s->first, s->first + s->n};
		struct kb_str text = {ev->texts[hit].ptr + s->start,
				      s->end - s->start};

		if (i == sentence || s->title)
			continue;
		if (!visit(r, (uint64_t)claim->n_tokens * s->n + s->n))
			return true;
		if (news_in(r, claim, all) >= 1 &&
		    kb_lacking_case(r, text, claim, &asked) == KB_CASE_MET)
			return true;
	}
	return false;
}

/* Is the claim's value for the quantity that the question names? What a claim
 * with several says of it decides. */
static enum kb_case quantity_case(const struct kb_relevance *r,
				  const struct kb_prepared *claim,
				  uint32_t sentence, const struct segments *s,
				  size_t mine, struct kb_str *asked)
{
	enum kb_case found;

	if (claim->n_quantities > 1)
		return kb_lacking_case(r, claim->texts[0], claim, asked);
	found = clause_case(r, claim, sentence, s, mine, asked);
	return found == KB_CASE_OTHER && is_met_elsewhere(r, claim, sentence)
		   ? KB_CASE_MET
		   : found;
}

struct kb_str kb_lacking_misplaced(const struct kb_relevance *r,
				   const struct kb_prepared *claim,
				   uint32_t hit)
{
	size_t sentence, mine;
	struct kb_str found, asked;
	enum kb_case quantity;
	struct segments s;

	if (r->form.kind == KB_WANTED_YES_NO ||
	    claim->n_tokens > PLACED_TOKENS || !visit(r, 1))
		return (struct kb_str){"", 0};
	sentence = news_sentence(r, claim, hit);
	if (sentence == SIZE_MAX)
		return (struct kb_str){"", 0};
	read_segments(r, (uint32_t)sentence, &s);
	mine = segment_of(r, claim, &s);
	quantity =
	    quantity_case(r, claim, (uint32_t)sentence, &s, mine, &asked);
	if (quantity == KB_CASE_OTHER)
		return asked;
	if (quantity == KB_CASE_MET)
		return (struct kb_str){"", 0};
	found = other_row(r, (uint32_t)sentence, &s);
	if (found.len || mine == SEGMENTS_MAX)
		return found;
	if (s.row)
		return other_column(r, (uint32_t)sentence, &s, mine);
	found = other_clause(r, (uint32_t)sentence, &s, mine);
	if (!found.len)
		found = other_case(r, (uint32_t)sentence, &s, mine);
	return found.len ? found
			 : other_value(r, claim, (uint32_t)sentence, &s, mine);
}
