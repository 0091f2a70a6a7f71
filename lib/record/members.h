/*
 * The members of a record: who writes which, of what type, as kb-record(5)
 * lists them; and readers of those that a later program takes from an
 * earlier one. Question, hits, error and check have headers of their own.
 *
 * A reader gives what is missing, or has another type, as empty, negative or
 * KB_JSON_NONE; what it returns lies in the record or its arena.
 */
#ifndef KB_RECORD_MEMBERS_H
#define KB_RECORD_MEMBERS_H

#include "json/rec.h"

/* ---- the table ---- */

struct kb_member_row {
	const char *path;   /* "a.b" member, "a[]" element, "a.*" any member */
	const char *type;   /* JSON types with slashes between, or "any" */
	const char *writer; /* a program, "user", or "any program" */
};

/* In the order of kb-record(5), ended by a NULL path. */
extern const struct kb_member_row kb_member_rows[];

/* ---- readers ---- */

/* prompt.messages; KB_JSON_NONE when the record has no prompt. */
struct kb_json kb_prompt_messages(const struct kb_rec *rec);

/* False when 'answer' is no string. */
bool kb_answer_text(const struct kb_rec *rec, struct kb_str *text);

struct kb_generation {
	struct kb_str provider;	     /* "local" is built in */
	struct kb_str finish;	     /* "stop", "length", ... */
	double confidence;	     /* 0 to 1 */
	struct kb_json degraded;     /* an array of remarks */
	struct kb_json alternatives; /* an array of passages */
};
struct kb_generation kb_generation_read(const struct kb_rec *rec);

struct kb_retrieval {
	double confidence;	 /* 0 to 1 */
	struct kb_str corrected; /* the question as it was spelled */
	struct kb_str degraded;	 /* what could not be done */
	struct kb_json excluded; /* an array of what no hit may hold */
};
struct kb_retrieval kb_retrieval_read(const struct kb_rec *rec);

/* Does the record carry an answer of earlier, checked, that kb-search found
 * (retrieval.cache.hit)? Then the programs behind it pass it on. */
bool kb_record_is_answered(const struct kb_rec *rec);

/* Spans of the members of 'vectors': base64 or arrays of numbers, those of
 * rewrites and texts in arrays. All are KB_JSON_NONE when it is no object. */
struct kb_record_vectors {
	struct kb_json model, query, hyde, rewrites, texts;
};
struct kb_record_vectors kb_vectors_read(struct kb_json vectors);

#endif
