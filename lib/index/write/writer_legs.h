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
#ifndef KB_INDEX_WRITE_WRITER_LEGS_H
#define KB_INDEX_WRITE_WRITER_LEGS_H

#include <pthread.h>

#include "index/write/leg_ops.h"
#include "index/write/writer.h"
#include "vector/embedder.h"

struct kb_wordvec;

/* What a section of vectors says of its model. */
uint64_t kb_vector_model_id(struct kb_str name);

/* Entities and edges (graph.h). Takes no leg. */
extern const struct kb_leg_ops kb_graph_leg;

/*
 * Vectors that come with documents (member 'vector'), or from an embedder
 * for the chunks of the others. A document's own vector belongs to its first
 * chunk. Model and dimension are kept in the settings as
 * "vectors":{"model":NAME,"dim":N,"embed":BOOL,"language":CODE}; a vector of
 * another dimension is refused with KB_EINVAL, and so is another model.
 *
 * A text that the index has a vector of is never embedded again, whatever
 * became of its document, and not by --rebuild either; nor one that a run
 * which was interrupted had a vector of. Where there are two models, a chunk is
 * embedded by that of its language (text/lang.h), and each has a leg of its
 * own. Vectors of a dump (vecdump.h) are taken as they are when they are of the
 * index's model.
 */
struct kb_vector_leg {
	size_t slot;	     /* below KB_VECTOR_SLOTS */
	struct kb_str model; /* name, or empty: the user's own vectors */
	/* Of the texts that are embedded, "zh" or "en"; empty: of all. */
	struct kb_str language;
	size_t dim;			  /* out: 0 until a vector is seen */
	struct kb_embedder *embedder;	  /* borrowed; NULL: none */
	struct kb_embed_pool *pool;	  /* owned; NULL: none */
	pthread_mutex_t lock;		  /* of the next three */
	uint64_t embedded, reused;	  /* out: texts */
	struct kb_embed_journal *journal; /* what a run before left, and ours */
	const struct kb_index *old;	  /* to look in when built anew */
	struct kb_vec_known *known;	  /* vecrows.h; made when needed */
	char *adopted; /* a model that is not embedded with */
	bool embed;    /* but was, where the dump came from */
};
extern const struct kb_leg_ops kb_vector_leg;
/* Batches in flight at most, 0: as many as usual. embedder NULL: none. */
void kb_vector_leg_embed(struct kb_vector_leg *leg,
			 struct kb_embedder *embedder, size_t jobs);
void kb_vector_leg_release(struct kb_vector_leg *leg);

/*
 * Word vectors trained from the corpus (wordvec.h). The model is trained
 * when the first segment of a new or rebuilt index is written, or when no
 * model is there, from a sample of bounded size; segments written later use
 * it as it is, until the writer asks for another one.
 */
struct kb_wordvec_leg {
	_Atomic(struct kb_wordvec *) model; /* owned; NULL until known */
	bool claimed;			    /* some segment trains it */
	_Atomic bool trained;		    /* and it is not yet published */
};
extern const struct kb_leg_ops kb_wordvec_leg;
void kb_wordvec_leg_release(struct kb_wordvec_leg *leg);

/*
 * Static encoders of questions (vector/static_encoder.h), one for each model of
 * which KB_STATIC_TEXTS_MIN chunks have a vector; its argument is the struct
 * kb_legs.
 * Learned when there is none, when the chunks with a vector have doubled or
 * halved since, and when the index is built anew; in between the one that is
 * there stays. The settings say how it went, also where it failed its test.
 */
extern const struct kb_leg_ops kb_static_leg;

struct kb_legs {
	bool no_graph, no_words; /* leave a leg out */
	bool rebuild; /* what the old index says of its vectors is void */
	struct kb_vector_leg vectors[KB_VECTOR_SLOTS];
	struct kb_wordvec_leg words;
	const char *command; /* embedder of the user's own, or NULL */
	/* Before what is embedded, now and by searches; NULL: as before. */
	const char *query_prefix, *passage_prefix;
	const char *query_type, *passage_type; /* input_type, as these */
	uint64_t embed_jobs; /* batches in flight; 0: as usual */
	/* Of n_models models, owned. */
	struct kb_embedder *embedders[KB_VECTOR_SLOTS];
	char *models[KB_VECTOR_SLOTS];
	size_t n_models;
	struct kb_index *old; /* owned; the index that is built anew */
};

/*
 * Make the writer build these legs too; they are borrowed till its close.
 * models: NULL, or the name of a model to embed with, or of two in the process,
 * a Chinese and an English one, with a comma between; when it is NULL and the
 * index was built with some, those are used again. KB_EINVAL when the index has
 * vectors of another model, or with another prefix; KB_ENOENT when one of two
 * is not on this machine.
 */
int kb_legs_join(struct kb_legs *legs, struct kb_writer *writer,
		 const char *models, struct kb_err *err);
/* After a commit: the index has what was embedded. */
void kb_legs_committed(struct kb_legs *legs);
void kb_legs_release(struct kb_legs *legs);

#endif
