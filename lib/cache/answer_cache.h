/*
 * Answers in front of retrieval: what the pipe answered to a question, checked
 * and sent out, as long as the index says the same about it.
 *
 * kb-search looks a record up before it searches and leaves the key in it
 * (retrieval.cache); fact-check, at the other end of the pipe, keeps those that
 * it routes to 'answer'. A record that was found carries answer, generation,
 * check, confidence and route, and retrieval.cache.hit; the programs between
 * pass it on (kb_record_is_answered()).
 *
 * An answer holds
 *	- at once, where the index has the commit that it was made with, and the
 *	  same documents are valid;
 *	- else after a new search, where that finds the same passages in the
 *same order, ids, titles and texts compared whole: then nothing that is new,
 *	  changed or gone stands among what the answer was made of, and the
 *	  prompt would be the one of before. It is kept anew, under the new
 *	  commit.
 * The key is that of all that the record holds but 'id', 'gold', 'label' and
 * what programs behind the search write, and of what the search is told.
 *
 * Not kept: a record whose search was degraded, as another one finds more, or
 * one of whose claims rests on a passage that is none of the hits, as nobody
 * looks whether that still stands. Template, model and threshold are not known
 * before the search: other ones want another directory.
 *
 * For one thread. What cannot be read or written is said as in cache/cache.h.
 */
#ifndef KB_CACHE_ANSWER_CACHE_H
#define KB_CACHE_ANSWER_CACHE_H

#include "cache/cache.h"
#include "search/search_record.h"

#define KB_ANSWERS_NAME "answers"

struct kb_answers;

/* options->name is set here. */
struct kb_answers *kb_answers_new(const struct kb_cache_options *options);
void kb_answers_free(struct kb_answers *answers); /* NULL is allowed */

/* What a search is told, for the key; into out. */
void kb_answers_told(const struct kb_search_options *search,
		     const struct kb_base_options *base, struct kb_buf *out);

/*
 * kb_record_search() with a look at what is known: true in *answered, and the
 * record carries the answer, or it was searched. told as above.
 */
int kb_answers_search(struct kb_answers *answers, struct kb_rec *rec,
		      struct kb_search *search,
		      const struct kb_request *request, struct kb_str told,
		      int64_t now_s, bool *found, struct kb_err *err);

/* Keep a record that was checked, if it is one to keep. */
void kb_answers_keep(struct kb_answers *answers, const struct kb_rec *rec,
		     int64_t now_s);

/* ---- for the tests ---- */

/* Do two arrays of hits hold the same passages in the same order? */
bool kb_answers_same_hits(struct kb_json a, struct kb_json b,
			  struct kb_arena *arena);

#endif
