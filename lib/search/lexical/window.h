/*
 * The scan of one segment: the k best chunks for a list of weighted terms.
 *
 * Chunks are looked at in windows of KB_WINDOW. For every term and window
 * an upper bound of its points is known from the competitive pairs; the
 * windows are visited in the order of their summed bounds, so that the
 * least points that can still enter the top k rise fast and most windows
 * are never opened (block-max pruning: Mallia, Suel, Tonellotto 2024). In a
 * window the terms are parted as in MaxScore (Turtle, Flood 1995): those
 * whose bounds together stay below what is needed bring no new candidates
 * and are only looked up for the chunks the others found. Short lists are
 * scored as a whole beforehand and added without asking. The result is
 * exactly that of scoring everything.
 */
#ifndef KB_SEARCH_LEXICAL_WINDOW_H
#define KB_SEARCH_LEXICAL_WINDOW_H

#include "search/lexical/bm25.h"
#include "search/lexical/topk.h"

#define KB_WINDOW 8192

/* One term in one segment. */
struct kb_window_term {
	const unsigned char *ptr; /* its list */
	size_t len;
	uint32_t count;
	float weight; /* as in score.h */
};

struct kb_windows; /* scratch memory, for one thread */

struct kb_windows *kb_windows_new(void);
void kb_windows_free(struct kb_windows *win);

/*
 * Offer the segment's best chunks to top. 'exhaustive' scores everything.
 * KB_EFORMAT when a list is damaged; what was offered stays.
 */
int kb_windows_search(struct kb_windows *win, struct kb_topk *top,
		      uint32_t segment_no, const struct kb_window_term *terms,
		      size_t n_terms, struct kb_bm25 params, bool exhaustive,
		      struct kb_err *err);

#endif
