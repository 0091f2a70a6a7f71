/*
 * Are the passages of a scope like the question?
 *
 * In a list of questions, of titles, of notes, what is searched is as brief
 * as what is asked. There one passage says in other words what the other
 * says, and most passages share the question's rare words by chance; among
 * passages full of words the rare ones decide.
 */
#ifndef KB_SEARCH_LENGTH_SIMILARITY_H
#define KB_SEARCH_LENGTH_SIMILARITY_H

#include "query/scope.h"

/*
 * 1 for a question of up to 16 words or characters over passages of as many
 * as it has, on average; 0.4 where these have half or double; near 0 for
 * the usual question and the usual passage. 'length' is the question's, in
 * base terms.
 */
double kb_length_similarity(const struct kb_scope *scope, size_t length);

#endif
