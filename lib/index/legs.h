/*
 * The legs beside the lexical one, as the writer builds them.
 *
 *	struct kb_legs legs = {.no_graph = ...};
 *	kb_writer_open(&writer, ...);
 *	kb_legs_join(&legs, writer);
 *	... put, commit ...
 *	kb_writer_close(writer);
 *	kb_legs_release(&legs);
 */
#ifndef KB_INDEX_LEGS_H
#define KB_INDEX_LEGS_H

#include "index/writer.h"

struct kb_wordvec;

/* What a section of vectors says of its model. */
uint64_t kb_vector_model_id(struct kb_str name);

/* Entities and edges (graph.h). Takes no leg. */
extern const struct kb_leg_ops kb_graph_leg;

/*
 * Vectors that come with documents (member 'vector') or from an embedder.
 * A document's vector belongs to its first chunk. Model and dimension are
 * kept in the settings as "vectors":{"model":NAME,"dim":N}; a vector of
 * another dimension is refused with KB_EINVAL, and so is another model.
 */
struct kb_vector_leg {
	struct kb_str model; /* name, or empty: the user's own vectors */
	size_t dim;	     /* out: 0 until a vector is seen */
	/* The vector of a chunk's text in x[0 .. *dim - 1], room for
	 * KB_VEC_DIM_MAX; *dim 0: there is none. NULL without embedder. */
	int (*embed)(void *arg, struct kb_str text, float *x, size_t *dim,
		     struct kb_err *err);
	void *arg;
};
extern const struct kb_leg_ops kb_vector_leg;

/*
 * Word vectors trained from the corpus (wordvec.h). The model is trained
 * when the first segment of a new or rebuilt index is written, or when no
 * model is there, from a sample of bounded size; segments written later use
 * it as it is.
 */
struct kb_wordvec_leg {
	_Atomic(struct kb_wordvec *) model; /* owned; NULL until known */
	bool claimed;			    /* some segment trains it */
	_Atomic bool trained;		    /* and it is not yet published */
	bool retrain;			    /* do not use the old model */
};
extern const struct kb_leg_ops kb_wordvec_leg;
void kb_wordvec_leg_release(struct kb_wordvec_leg *leg);

struct kb_legs {
	bool no_graph, no_words; /* leave a leg out */
	struct kb_vector_leg vector;
	struct kb_wordvec_leg words;
};

/* Make the writer build these legs too; they are borrowed till its close. */
void kb_legs_join(struct kb_legs *legs, struct kb_writer *writer);
void kb_legs_release(struct kb_legs *legs);

#endif
