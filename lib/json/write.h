/*
 * JSON writer: appends one value to a kb_buf, commas placed by itself.
 *
 *	kb_jw_init(&w, &buf);
 *	kb_jw_obj(&w);
 *	kb_jw_key(&w, "doc"); kb_jw_str(&w, id);
 *	kb_jw_end(&w);
 *
 * Output is one line of valid UTF-8: control characters escaped, broken
 * UTF-8 written as U+FFFD. A number is written in the shortest spelling
 * that reads back the same; NaN and infinities as null.
 */
#ifndef KB_JSON_WRITE_H
#define KB_JSON_WRITE_H

#include <stdint.h>

#include "base/buf.h"

#define KB_JW_DEPTH 32

struct kb_jw {
	struct kb_buf *out; /* borrowed */
	int depth;
	char kind[KB_JW_DEPTH]; /* '{' or '[' */
	bool some[KB_JW_DEPTH]; /* an element has been written */
	bool after_key;
};

void kb_jw_init(struct kb_jw *w, struct kb_buf *out);
void kb_jw_obj(struct kb_jw *w);
void kb_jw_arr(struct kb_jw *w);
void kb_jw_end(struct kb_jw *w);
void kb_jw_key_raw(struct kb_jw *w, struct kb_str escaped);
/* The name needs no escape. Inline, as its length is known mostly. */
static inline void kb_jw_key(struct kb_jw *w, const char *name)
{
	kb_jw_key_raw(w, kb_str_of(name));
}
void kb_jw_str(struct kb_jw *w, struct kb_str text);
void kb_jw_cstr(struct kb_jw *w, const char *text);
void kb_jw_int(struct kb_jw *w, int64_t n);
void kb_jw_num(struct kb_jw *w, double x);
/* x rounded to 'digits' decimals, trailing zeros dropped. */
void kb_jw_fixed(struct kb_jw *w, double x, int digits);
void kb_jw_bool(struct kb_jw *w, bool yes);
void kb_jw_null(struct kb_jw *w);
/* A member that counts. */
static inline void kb_jw_count(struct kb_jw *w, const char *name, uint64_t n)
{
	kb_jw_key(w, name);
	kb_jw_int(w, (int64_t)n);
}
/* A JSON value that is already text. What stands on several lines comes on one:
 * newlines, which no string of JSON holds, become blanks. */
void kb_jw_raw(struct kb_jw *w, struct kb_str json);

/* Append text as a JSON string with its quotes. */
void kb_json_quote(struct kb_buf *out, struct kb_str text);

#endif
