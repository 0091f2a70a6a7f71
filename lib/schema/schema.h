/*
 * JSON Schema: what an answer must be like, compiled once, checked with the
 * place of what is wrong.
 *
 *	schema: $.items[2].price: expected number, got string
 *
 * Known are type, enum, const, properties, required, additionalProperties,
 * minProperties, maxProperties, items, minItems, maxItems, uniqueItems,
 * minLength, maxLength (characters), pattern (PCRE2, unanchored), format (date,
 * time, date-time, email, uri, uuid, ipv4, ipv6), minimum, maximum,
 * exclusiveMinimum, exclusiveMaximum, multipleOf, allOf, anyOf, oneOf, not,
 * $ref to a place of the same text ("#/$defs/x"), $defs and definitions; true
 * and false as schemas. $schema, $id, $comment, title, description, default,
 * examples, deprecated, readOnly and writeOnly say nothing. Any other keyword
 * is an error with its place: nothing passes because it was not looked at.
 *
 * Limits: the text, schemas in it and in one another, and the steps of one
 * check, so that its time is bounded whatever schema and value are made of.
 */
#ifndef KB_SCHEMA_SCHEMA_H
#define KB_SCHEMA_SCHEMA_H

#include "query/pattern.h"
#include "json/rec.h"

#define KB_SCHEMA_SIZE_MAX ((size_t)1 << 20)
#define KB_SCHEMA_NODES	   10000u
#define KB_SCHEMA_NESTING  64
#define KB_SCHEMA_STEPS	   2000000u /* schemas and values compared */
#define KB_SCHEMA_DEPTH	   1000	    /* of a check: values and references */
#define KB_SCHEMA_FAULTS   5	    /* that are told of one value */

struct kb_schema;

/* text is copied. KB_EINVAL names the place and the keyword of what is no
 * schema, KB_ELIMIT the limit. Free with kb_schema_free(), NULL allowed. */
int kb_schema_new(struct kb_schema **out, struct kb_json text,
		  struct kb_err *err);
int kb_schema_load(struct kb_schema **out, const char *path,
		   struct kb_err *err);
void kb_schema_free(struct kb_schema *schema);

/* Its text, on one line; lives as long as the schema. */
struct kb_str kb_schema_text(const struct kb_schema *schema);

/* Is every object in it closed (additionalProperties false) with all members
 * required, as OpenAI's "strict" wants it? */
bool kb_schema_is_strict(const struct kb_schema *schema);

/*
 * 1 when the value is of the schema, 0 when it is not (a value of type NONE
 * never is); KB_ELIMIT past the steps, the depth or the budget of patterns,
 * which is charged. faults (may be NULL) gets what is wrong, at most
 * KB_SCHEMA_FAULTS, parted by "; ".
 */
int kb_schema_check(const struct kb_schema *schema, struct kb_json value,
		    struct kb_pattern_budget *budget, struct kb_arena *arena,
		    struct kb_buf *faults, struct kb_err *err);

/* The same of a schema that is used once. */
int kb_schema_holds(struct kb_json text, struct kb_json value,
		    struct kb_pattern_budget *budget, struct kb_arena *arena,
		    struct kb_err *err);

#endif
