/*
 * Questions without a word: operators, variables of a shell, signs such as
 * "$$@", "->" or "∑" are no terms, and stand in no posting. They are looked for
 * byte for byte in the stored titles and texts, as far as KB_SIGNS_BYTES go.
 */
#ifndef KB_SEARCH_LEXICAL_SIGNS_H
#define KB_SEARCH_LEXICAL_SIGNS_H

#include "base/str.h"
#include "query/scope.h"

#define KB_SIGNS       8	  /* of a question, the others are left out */
#define KB_SIGN_MAX    64	  /* bytes of one; a longer one is none */
#define KB_SIGNS_BYTES (64 << 20) /* of text looked at for one question */

/* Said when there was more text. */
#define KB_SIGNS_PARTIAL                                                    \
	"signs without a word were looked for in the first 64 MiB of text " \
	"only"

struct kb_signs {
	struct kb_str items[KB_SIGNS]; /* borrowed */
	size_t n;
};

/*
 * What stands between the blanks of a question that has no term, but for what
 * marks the end of any sentence ("?", "..."): n is 0 when nothing is left.
 */
void kb_signs_find(struct kb_signs *signs, struct kb_str question);

/*
 * The k best chunks that are allowed and hold a sign, best first, into out
 * (room for k), ties by document id. raw is the sum of f / (f + k1) over the
 * signs, f: how often the chunk and its title hold it. *partial: the scope has
 * more text than was looked at. KB_EFORMAT: a frame is damaged.
 */
int kb_signs_search(const struct kb_signs *signs, const struct kb_scope *scope,
		    size_t k, struct kb_candidate *out, size_t *n_out,
		    bool *partial, struct kb_err *err);

#endif
