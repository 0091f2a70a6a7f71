/*
 * The record: one JSON object on one line, read lazily.
 *
 * kb_rec_scan() checks the grammar of the whole line (RFC 8259, depth up to
 * KB_JSON_DEPTH) in one pass and notes where each top-level member stands.
 * Nothing is decoded until it is asked for, and kb_rec_write() copies what
 * nobody touched byte for byte: unknown members, key order, number
 * spelling, big integers, white space, even invalid UTF-8 inside strings.
 * Of duplicate members the last wins on reading; a written member stands
 * once, in the place of the last duplicate.
 *
 * Everything lives in the arena given to kb_rec_scan(); the line itself is
 * borrowed and must outlive the record.
 */
#ifndef KB_JSON_REC_H
#define KB_JSON_REC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define KB_JSON_DEPTH 512

enum kb_json_type {
	KB_JSON_NONE, /* no such value */
	KB_JSON_NULL,
	KB_JSON_FALSE,
	KB_JSON_TRUE,
	KB_JSON_NUMBER,
	KB_JSON_STRING,
	KB_JSON_ARRAY,
	KB_JSON_OBJECT,
};

/* A value's span in text whose grammar has been checked; strings include
 * their quotes. */
struct kb_json {
	enum kb_json_type type;
	const char *ptr;
	size_t len;
};

/* One top-level member of a record. */
struct kb_member {
	struct kb_str key;  /* raw, between the quotes */
	struct kb_json val; /* as read, or as set (then is_new) */
	bool escaped;	    /* key holds a backslash */
	bool dropped;	    /* removed, or an older duplicate of a set member */
	bool is_new;	    /* val was set by kb_rec_set() */
	const char *start;  /* span in the line: from the key's quote, ... */
	const char *value;  /* ... over the value's first byte, ... */
	const char *end;    /* ... to behind the value; NULL when appended */
};

struct kb_rec {
	struct kb_str line; /* borrowed */
	struct kb_member *members;
	size_t n, cap;
	size_t n_read; /* how many of them stand in the line */
	bool changed;
	struct kb_arena *arena; /* borrowed */
};

/*
 * Scan one line (no newline). KB_EINVAL with "byte N: what is wrong" when it
 * is no JSON object; KB_ELIMIT past KB_JSON_DEPTH. Never reads line[len].
 */
int kb_rec_scan(struct kb_rec *rec, struct kb_arena *arena, const char *line,
		size_t len, struct kb_err *err);

/* A member's value; type KB_JSON_NONE when there is none. */
struct kb_json kb_rec_get(const struct kb_rec *rec, const char *name);

/*
 * Set a member to a JSON text (one value, valid, no newline), which must
 * live as long as the record. It takes the place of the old value or is
 * appended. kb_rec_del() removes every member of that name.
 */
void kb_rec_set(struct kb_rec *rec, const char *name, struct kb_str json);
void kb_rec_set_str(struct kb_rec *rec, const char *name, struct kb_str text);
void kb_rec_del(struct kb_rec *rec, const char *name);

/* Append the record's line, without a newline. */
void kb_rec_write(const struct kb_rec *rec, struct kb_buf *out);

/* The record's identity as compared: the text of a string or number 'id'
 * (7 equals "7"); len 0 when it has none. */
struct kb_str kb_rec_id(const struct kb_rec *rec);

/* ---- values ---- */

/* Check one JSON value (surrounding white space allowed) and give its span. */
int kb_json_check(const char *text, size_t len, struct kb_json *val,
		  struct kb_err *err);

/*
 * Decode a string: escapes resolved, broken UTF-8 and lone surrogates as
 * U+FFFD. Without escapes and with sound UTF-8 the result points into the
 * line; otherwise into the arena. False when val is no string.
 */
bool kb_json_str(struct kb_json val, struct kb_arena *arena,
		 struct kb_str *out);

/* Numbers. False when val is no number, or outside the type's range. */
bool kb_json_num(struct kb_json val, double *out);
bool kb_json_int(struct kb_json val, int64_t *out);

/*
 * Walk an array or object:
 *	struct kb_json_iter it = kb_json_iter(val);
 *	while (kb_json_next(&it)) ... it.key, it.val ...
 * Any other type has no elements. it.key is raw (kb_json_key_is() compares
 * it decoded).
 */
struct kb_json_iter {
	const char *pos, *end;
	struct kb_str key;
	struct kb_json val;
	bool object;
	bool escaped; /* key holds a backslash */
};

struct kb_json_iter kb_json_iter(struct kb_json val);
bool kb_json_next(struct kb_json_iter *it);
bool kb_json_key_is(struct kb_str raw_key, const char *name);

/* Is the key of the current element the name? */
static inline bool kb_json_iter_is(const struct kb_json_iter *it,
				   const char *name)
{
	return it->escaped ? kb_json_key_is(it->key, name)
			   : kb_str_is(it->key, name);
}

/*
 * Walk an array and what its elements hold in one pass over the text:
 *	while (kb_json_enter(&it, &inner)) {
 *		while (kb_json_next(&inner)) ... inner.val ...
 *		kb_json_leave(&it, &inner);
 *		... it.val ...
 *	}
 * Until kb_json_leave() the end of an array or object in it.val is not
 * known, and its len is 0; any other value is there whole, and inner holds
 * nothing.
 */
bool kb_json_enter(struct kb_json_iter *it, struct kb_json_iter *inner);
void kb_json_leave(struct kb_json_iter *it, struct kb_json_iter *inner);

/* A member of an object value, the last of duplicates. */
struct kb_json kb_json_get(struct kb_json object, const char *name);

/* Number of elements of an array or object. */
size_t kb_json_count(struct kb_json val);

#endif
