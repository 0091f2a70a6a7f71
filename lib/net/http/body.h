/*
 * A provider's JSON body as a tree, read by jansson. Private to lib/net.
 *
 * Values are named by JSON Pointers (RFC 6901, without escapes), such as
 * "/choices/0/message"; of duplicate members the last counts. The tree is for
 * what is read; kb_body_span() gives the bytes of a value as they came, for
 * what is passed on.
 *
 * jansson takes less than servers send. Broken UTF-8 and lone surrogates
 * stand in the tree as U+FFFD, integers beyond 64 bits as reals, numbers
 * beyond a double as null, and a name with a NUL has U+FFFD in its place.
 *
 * Limits: KB_JSON_DEPTH levels, and KB_BODY_TREE_MAX bytes for the tree, which
 * may be a hundred times as large as its text. The text has the limit of its
 * reader.
 */
#ifndef KB_NET_HTTP_BODY_H
#define KB_NET_HTTP_BODY_H

#include <jansson.h>

#include "json/rec.h"

#define KB_BODY_TREE_MAX ((size_t)512 << 20)
#define KB_POINTER_MAX	 64 /* bytes of a pointer with its NUL, at most */

struct kb_body {
	json_t *root;	    /* an object; its values are borrowed from here */
	struct kb_str text; /* borrowed */
};

/*
 * Read a text that is one JSON object. KB_EFORMAT when it is none or nested
 * too deep, KB_ELIMIT when its tree would be too large; 'what' names it in
 * the message. Nothing is to be released then.
 */
int kb_body_read(struct kb_body *body, struct kb_str text, const char *what,
		 struct kb_err *err);
void kb_body_release(struct kb_body *body);

/* The value there, or NULL. "" is the root. */
const json_t *kb_body_at(const struct kb_body *body, const char *pointer);

/* Its bytes in the text; type KB_JSON_NONE when there is none. */
struct kb_json kb_body_span(const struct kb_body *body, const char *pointer);

/* False, and *out as it was, when val is NULL or of another type. The text
 * lives as long as the tree. */
bool kb_body_str(const json_t *val, struct kb_str *out);
bool kb_body_int(const json_t *val, int64_t *out);
bool kb_body_num(const json_t *val, double *out);

/* The text at a place, in arena; len 0 without one. Some servers give error
 * codes as numbers, which stay as they are spelled; one that no double holds
 * is a null of the tree. */
struct kb_str kb_body_text(const struct kb_body *body, const char *pointer,
			   struct kb_arena *arena);

/* A member that is an integer of at least 0; any other leaves *out. */
void kb_body_count(const json_t *object, const char *name, int64_t *out);

#endif
