/*
 * JSON Schema, the part of it that describes an answer.
 *
 * Known are type (also an array of types), enum, const, properties, required,
 * additionalProperties (true or false), items (one schema), minItems,
 * maxItems, minLength, maxLength (characters), minimum, maximum and pattern
 * (PCRE2, unanchored). $schema, $id, title, description, default and examples
 * say nothing. Any other keyword is an error: nothing passes because it was
 * not looked at.
 */
#ifndef KB_EVAL_SCHEMA_H
#define KB_EVAL_SCHEMA_H

#include "query/pattern.h"
#include "json/rec.h"

/* 1 when the value is of the schema, 0 when it is not (a value of type NONE
 * never is); KB_EINVAL for what is no schema of this kind, KB_ELIMIT. Its
 * patterns are charged to the budget. */
int kb_schema_holds(struct kb_json schema, struct kb_json value,
		    struct kb_pattern_budget *budget, struct kb_arena *arena,
		    struct kb_err *err);

#endif
