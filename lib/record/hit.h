/*
 * The member 'hits' of a record: passages, best first. One reader and one
 * writer of it, for every program.
 *
 *	struct kb_hits hits;
 *	struct kb_record_hit hit;
 *	rc = kb_hits_open(rec, &hits, err);
 *	while (kb_hits_next(&hits, &hit)) ... kb_hit_str(&hit, KB_HIT_TEXT, ...)
 *
 * A step finds the members of a hit in one walk; each is decoded when it is
 * asked for. The place of an element, from 1, is what a citation [n] names:
 * an element that is no object has no members, but its place.
 */
#ifndef KB_RECORD_HIT_H
#define KB_RECORD_HIT_H

#include "json/rec.h"
#include "json/write.h"

/* In the order in which they are written. */
enum kb_hit_member {
	KB_HIT_DOC,
	KB_HIT_CHUNK,
	KB_HIT_TITLE,
	KB_HIT_HEADING,
	KB_HIT_TEXT,
	KB_HIT_SCORE,
	KB_HIT_LEGS,
	KB_HIT_SOURCE,
	KB_HIT_LINE,
	KB_HIT_START,
	KB_HIT_END,
	KB_HIT_META,
	KB_HIT_EXPLAIN,
	KB_HIT_MEMBERS
};

struct kb_record_hit {
	struct kb_json raw; /* the element */
	struct kb_json at[KB_HIT_MEMBERS];
};

struct kb_hits {
	struct kb_json list; /* an array, or KB_JSON_NONE */
	struct kb_json_iter it;
};

/* ---- reading ---- */

/* KB_EINVAL when 'hits' is neither an array nor null nor missing; there are
 * no hits then. */
int kb_hits_open(const struct kb_rec *rec, struct kb_hits *hits,
		 struct kb_err *err);
size_t kb_hits_count(const struct kb_hits *hits);
bool kb_hits_next(struct kb_hits *hits, struct kb_record_hit *hit);

/* A member that is a string, "" when it is missing or none. */
struct kb_str kb_hit_str(const struct kb_record_hit *hit,
			 enum kb_hit_member member, struct kb_arena *arena);

/* The document's id: a string, or a number as it is spelled. */
struct kb_str kb_hit_doc(const struct kb_record_hit *hit,
			 struct kb_arena *arena);

/* 0 when it is no number. */
double kb_hit_score(const struct kb_record_hit *hit);

/* ---- writing ---- */

#define KB_HIT_LEGS_MAX 4

/* A hit to be written. */
struct kb_hit_values {
	struct kb_str doc, title, heading, text;
	int64_t chunk;
	double score;
	struct {
		const char *name;
		double score;
		int digits; /* decimals; negative: all that it has */
	} legs[KB_HIT_LEGS_MAX];
	size_t n_legs;
	struct kb_str source; /* len 0: none */
	int64_t line;	      /* 0: none */
	int64_t start, end;
	struct kb_str meta, explain; /* JSON; len 0: none */
};

/* Append one element of the array that w is in. */
void kb_hit_write(struct kb_jw *w, const struct kb_hit_values *hit);

/* Set legs.NAME of the record's first n hits, with six decimals; what else
 * they hold is kept byte for byte, further hits are dropped. */
void kb_hits_set_leg(struct kb_rec *rec, const char *name, const double *scores,
		     size_t n);

#endif
