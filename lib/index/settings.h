/*
 * The settings of an index: what it was built with, and what was learned for
 * searching it. They stand in the manifest as one JSON object on one line,
 * which kb-index-format(5) describes; here they are a structure, parsed once
 * when an index is opened and written once when a generation is committed.
 *
 * Reading is lenient: a member that makes no sense counts as missing, so that
 * what a search takes is always within its bounds. Members of other programs
 * are kept as they are.
 */
#ifndef KB_INDEX_SETTINGS_H
#define KB_INDEX_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/sections.h"
#include "json/rec.h"

#define KB_TITLE_WEIGHT_MAX 100
#define KB_COLUMN_NAME_MAX  63	  /* bytes of a member's name */
#define KB_COLUMNS_MAX	    32	  /* of each kind */
#define KB_RANKING_MAX	    100.0 /* of a weight, of k1 */
#define KB_NULL_LENGTHS	    5
#define KB_EMBED_PREFIX_MAX 4096 /* bytes */

/* The legs of a search, and their names. */
enum kb_leg_no { KB_LEG_LEXICAL, KB_LEG_VECTOR, KB_LEG_GRAPH, KB_LEGS };
extern const char *const kb_leg_names[KB_LEGS];

/* What search/fit.h sees in a text, and their names. */
enum kb_fit_feature {
	KB_FIT_COVER,
	KB_FIT_TITLE,
	KB_FIT_ORDER,
	KB_FIT_NEAR,
	KB_FIT_RUN,
	KB_FIT_FEATURES,
};
extern const char *const kb_fit_names[KB_FIT_FEATURES];

/* Members of documents that are columns (columns.h). */
struct kb_column_list {
	struct kb_str names[KB_COLUMNS_MAX];
	size_t n;
};

/* The vectors that came with documents or from an embedder. */
struct kb_vector_settings {
	bool known;	     /* there are some, or were */
	struct kb_str model; /* empty: the documents' own */
	size_t dim;
	bool embed; /* an embedder makes them */
	/* Of the texts that they are of, where there are two models: "zh" or
	 * "en"; else empty, for all. */
	struct kb_str language;
};

/* What an embedding model wants before texts of either kind, and as the
 * 'input_type' of a request; may be empty. */
struct kb_embed_prefixes {
	struct kb_str query, passage;
	struct kb_str query_type, passage_type;
};

/* What --tune learned; NAN where nothing was said. */
struct kb_ranking_settings {
	bool known;
	double k1, b;
	double weights[KB_LEGS];
	double fit[KB_FIT_FEATURES];
};

/* The null distribution (search/null_distribution.h). */
struct kb_null {
	uint64_t chunks; /* there were then; 0: not measured */
	float high[KB_NULL_LENGTHS];
	/* Mean cosine of two passages' vectors by model, from 0 to less than 1;
	 * NAN: not known. */
	float cosines[KB_VECTOR_SLOTS];
};

/* What was found when a static encoder was learned last
 * (vector/static_encoder.h). */
struct kb_static_settings {
	uint64_t chunks; /* with a vector then; 0: too few, or never */
	bool kept;	 /* it passed its test, and the index has it */
	float agreement; /* of the test, -1 to 1 */
};

struct kb_settings {
	unsigned title_weight; /* 1 to KB_TITLE_WEIGHT_MAX; 0: not said */
	struct kb_column_list keywords, numerics;
	bool no_graph, no_words; /* legs that were left out */
	unsigned analysis;	 /* KB_ANALYSIS of its texts; 0: not said, 1 */
	uint64_t hash_seed; /* of its content hashes; 0: none, format 4.0 */
	uint64_t learnt;    /* chunks there were when the legs last learned */
	/* By model; only the first is there without a language. */
	struct kb_vector_settings vectors[KB_VECTOR_SLOTS];
	struct kb_embed_prefixes prefixes[KB_VECTOR_SLOTS];
	struct kb_ranking_settings search;
	struct kb_null null;
	struct kb_static_settings statics[KB_VECTOR_SLOTS]; /* by model */
	struct kb_str others;  /* members not known here, commas between */
	struct kb_arena arena; /* owns every string */
};

/* What a source is known by in the segments; 0: it is the input stream. */
uint64_t kb_source_hash(const struct kb_settings *s, struct kb_str source);

/* Nothing measured. */
void kb_null_init(struct kb_null *null);
void kb_settings_init(struct kb_settings *s);
void kb_settings_release(struct kb_settings *s);

/*
 * Read an object into empty settings. Returns the name of the first member
 * known here that makes no sense, or NULL; any other JSON value has no
 * members. Strings are copied.
 */
const char *kb_settings_read(struct kb_settings *s, struct kb_json object);

/* ... from text; what is no JSON says nothing. */
void kb_settings_parse(struct kb_settings *s, struct kb_str text);

/* Append the object. The same settings give the same bytes. */
void kb_settings_write(const struct kb_settings *s, struct kb_buf *out);

/* A string that lives as long as the settings. */
struct kb_str kb_settings_copy(struct kb_settings *s, struct kb_str text);

/* Does a list of columns have the name? */
bool kb_column_list_has(const struct kb_column_list *list, struct kb_str name);
bool kb_column_list_equal(const struct kb_column_list *a,
			  const struct kb_column_list *b);

#endif
