#include "verify/check_basis.h"

#include <assert.h>

#include "base/str.h"

void kb_check_basis_init(struct kb_check_basis *basis)
{
	*basis = (struct kb_check_basis){.n = 0};
	kb_prepared_init(&basis->evidence);
	kb_prepared_init(&basis->question);
	kb_arena_init(&basis->arena);
}

static void forget(struct kb_check_basis *basis)
{
	if (basis->set)
		kb_relevance_end(&basis->relevance);
	basis->set = basis->kept = false;
	kb_arena_reset(&basis->arena);
}

void kb_check_basis_release(struct kb_check_basis *basis)
{
	forget(basis);
	kb_prepared_release(&basis->question);
	kb_prepared_release(&basis->evidence);
	kb_arena_release(&basis->arena);
}

static bool is_same(const struct kb_check_basis *basis, struct kb_str question,
		    const struct kb_check_passage *passages, size_t n,
		    size_t n_hits)
{
	if (!basis->kept || n != basis->n || n_hits != basis->n_hits ||
	    !kb_str_eq(question, basis->asked))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!kb_str_eq(passages[i].text, basis->passages[i].text) ||
		    !kb_str_eq(passages[i].title, basis->passages[i].title))
			return false;
	return true;
}

static struct kb_str copy(struct kb_check_basis *basis, struct kb_str s)
{
	return (struct kb_str){kb_arena_strndup(&basis->arena, s.ptr, s.len),
			       s.len};
}

/* Copy what is_same() asks for. Of an index more belongs to the basis than its
 * texts, and large ones are not worth their room. */
static void keep(struct kb_check_basis *basis,
		 const struct kb_check_passage *passages, size_t n,
		 size_t n_hits, const struct kb_scope *scope)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++)
		bytes += passages[i].text.len + passages[i].title.len;
	if (scope || bytes > KB_BASIS_BYTES)
		return;
	basis->passages =
	    kb_arena_calloc(&basis->arena, n + 1, sizeof(*basis->passages));
	for (size_t i = 0; i < n; i++)
		basis->passages[i] =
		    (struct kb_check_passage){copy(basis, passages[i].title),
					      copy(basis, passages[i].text)};
	basis->n = n;
	basis->n_hits = n_hits;
	basis->kept = true;
}

static bool is_word(const struct kb_prepared *p, size_t token, const char *word)
{
	const struct kb_prepared_token *t = &p->tokens[token];

	return kb_starts_folded(p->texts[0].ptr + t->start, t->end - t->start,
				word) == t->end - t->start;
}

/* "Does it have a fan" says "it has a fan" and asks it: neither word of the two
 * is one of what it states. */
static void state(struct kb_prepared *question)
{
	static const char *const asking[] = {"do", "does", "did"};

	for (size_t i = 0; i < sizeof(asking) / sizeof(*asking); i++) {
		if (!question->n_tokens || !is_word(question, 0, asking[i]))
			continue;
		question->tokens[0].weight = 0;
		for (size_t k = 1; k < question->n_tokens; k++)
			if (is_word(question, k, "have"))
				question->tokens[k].weight = 0;
	}
}

static int make(struct kb_check_basis *basis, struct kb_reader *reader,
		struct kb_str question, const struct kb_check_passage *passages,
		size_t n, size_t n_hits, const struct kb_scope *scope,
		struct kb_arena *arena, struct kb_err *err)
{
	struct kb_prepared *evidence = &basis->evidence;
	int rc;

	forget(basis);
	basis->asked = copy(basis, question);
	kb_prepared_begin(evidence, arena);
	evidence->no_quantities = evidence->late_polars = true;
	for (size_t i = 0; i < n; i++) {
		kb_prepared_add_title(evidence, reader->an, &reader->terms,
				      passages[i].title);
		kb_prepared_add(evidence, reader->an, &reader->terms,
				passages[i].text);
	}
	basis->cut = evidence->cut;
	basis->has_quantities = false;
	kb_prepared_begin(&basis->question, arena);
	kb_prepared_add(&basis->question, reader->an, &reader->terms,
			basis->asked);
	state(&basis->question);
	basis->set = true;
	rc = kb_relevance_begin(&basis->relevance, reader, evidence, n_hits,
				scope, basis->asked, &basis->arena, err);
	if (rc == 0)
		keep(basis, passages, n, n_hits, scope);
	return rc;
}

/* Show the quantities of the evidence, found when first wanted, or hide them.
 */
static void set_quantities(struct kb_check_basis *basis, bool wanted)
{
	struct kb_prepared *evidence = &basis->evidence;

	if (wanted && !basis->has_quantities) {
		kb_prepared_add_quantities(evidence);
		basis->n_quantities = evidence->n_quantities;
		basis->cut_quantities = evidence->cut;
		basis->has_quantities = true;
	}
	evidence->n_quantities = wanted ? basis->n_quantities : 0;
	evidence->cut = wanted ? basis->cut_quantities : basis->cut;
}

int kb_check_basis_set(struct kb_check_basis *basis, struct kb_reader *reader,
		       struct kb_str question,
		       const struct kb_check_passage *passages, size_t n,
		       size_t n_hits, const struct kb_scope *scope,
		       bool quantities, struct kb_arena *arena,
		       struct kb_err *err)
{
	int rc = 0;

	assert(passages || !n);
	if (scope || !is_same(basis, question, passages, n, n_hits))
		rc = make(basis, reader, question, passages, n, n_hits, scope,
			  arena, err);
	/* those of the record before are gone */
	for (size_t i = 0; i < n; i++) {
		basis->evidence.titles[i] = passages[i].title;
		basis->evidence.texts[i] = passages[i].text;
	}
	basis->evidence.arena = basis->question.arena = arena;
	set_quantities(basis, quantities);
	return rc;
}
