/*
 * A schema in the words of OpenAPI 3.0 as Gemini's responseSchema takes them:
 * types in capitals, nullable, anyOf, references written out.
 *
 * What these cannot say is left out where the schema then only allows more
 * (pattern of members, not, allOf, bounds of OpenAPI 3.1), as the answer is
 * checked afterwards in any case. A schema that refers to itself has no such
 * form.
 */
#ifndef KB_SCHEMA_SCHEMA_OPENAPI_H
#define KB_SCHEMA_SCHEMA_OPENAPI_H

#include "schema/schema.h"

#define KB_SCHEMA_OPENAPI_MAX ((size_t)256 << 10)

/* Append it; false, and out as it was, when there is no such form within
 * KB_SCHEMA_OPENAPI_MAX bytes. */
bool kb_schema_put_openapi(const struct kb_schema *schema, struct kb_buf *out);

#endif
