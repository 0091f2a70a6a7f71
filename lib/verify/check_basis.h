/*
 * What an answer is checked against: passages, prepared, and the question laid
 * over them. Several answers to one question come in a row, of votes or of
 * models that are compared; so the basis is kept till another one is set.
 *
 * Nothing of it depends on what was asked of it before.
 */
#ifndef KB_VERIFY_CHECK_BASIS_H
#define KB_VERIFY_CHECK_BASIS_H

#include "relevance/relevance.h"

#define KB_BASIS_BYTES ((size_t)256 << 10) /* of texts that are kept */

struct kb_check_passage {
	struct kb_str title, text;
};

struct kb_check_basis {
	struct kb_prepared evidence, question;
	struct kb_relevance relevance; /* of the question */

	/* private: copies that tell whether the next one is the same */
	struct kb_arena arena; /* of them and of the relevance */
	struct kb_str asked;
	struct kb_check_passage *passages;
	size_t n, n_hits;
	bool set;  /* relevance is to be ended */
	bool kept; /* the copies are there */
	bool has_quantities, cut_quantities;
	size_t n_quantities;
	bool cut;
};

void kb_check_basis_init(struct kb_check_basis *basis);
void kb_check_basis_release(struct kb_check_basis *basis);

/*
 * Set the question and n passages, of which the first n_hits were found by a
 * search; scope: of an index, or NULL. quantities: are numbers of the passages
 * wanted? Texts are borrowed; what is made for one answer goes to the arena.
 * After an error, KB_EFORMAT as in kb_relevance_begin(), nothing is set.
 */
int kb_check_basis_set(struct kb_check_basis *basis, struct kb_reader *reader,
		       struct kb_str question,
		       const struct kb_check_passage *passages, size_t n,
		       size_t n_hits, const struct kb_scope *scope,
		       bool quantities, struct kb_arena *arena,
		       struct kb_err *err);

#endif
