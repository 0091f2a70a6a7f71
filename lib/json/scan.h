/*
 * The JSON grammar (RFC 8259), walked without building anything.
 *
 * For the modules of lib/json only. Each function takes a position and the
 * end of the text and returns the position behind what it skipped; it never
 * reads the byte at end. NULL means a breach of the grammar, described in
 * 'scan'.
 */
#ifndef KB_JSON_SCAN_H
#define KB_JSON_SCAN_H

#include "base/ascii.h"
#include "base/err.h"

struct kb_json_scan {
	const char *at;	  /* where the grammar is broken */
	const char *what; /* and how; a constant */
	int code;	  /* KB_EINVAL or KB_ELIMIT */
};

static inline const char *kb_json_skip_space(const char *p, const char *end)
{
	while (p < end && kb_is_blank(*p))
		p++;
	return p;
}

/* p stands on the opening quote. *escaped says whether it holds a backslash. */
const char *kb_json_skip_string(struct kb_json_scan *scan, const char *p,
				const char *end, bool *escaped);

/* p stands on the value's first byte. */
const char *kb_json_skip_value(struct kb_json_scan *scan, const char *p,
			       const char *end);

/*
 * The same for text whose grammar has been checked: only where things end is
 * looked for. What they return is never past the end, whatever the text.
 */
const char *kb_json_pass_string(const char *p, const char *end, bool *escaped);
const char *kb_json_pass_value(const char *p, const char *end);

#endif
