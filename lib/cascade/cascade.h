/*
 * A cascade: a small model first, and a large one where that is not enough.
 *
 *	"cascade": {"small": "b/m-small", "large": "a", "when":
 *	  "class.label in ['refund', 'legal'] or confidence < .7",
 *	  "router": "router.json"}
 *
 * small and large are routes, providers or "provider/model". 'when' is an
 * expression of the template language over the members of the record, and
 * confidence, that of the small one's answer (from samples that vote, or of the
 * built-in model), and router, the chance that the large one is right where the
 * small one is not, by a model of --cascade-train. What is true before the
 *small one was asked (with confidence 1 and router 0) is asked of the large one
 *at once.
 */
#ifndef KB_CASCADE_CASCADE_H
#define KB_CASCADE_CASCADE_H

#include "net/provider.h"
#include "json/rec.h"

#define KB_CASCADE_WHEN_MAX 2000 /* bytes */

struct kb_cascade;

/* What is known of a record. */
struct kb_cascade_view {
	const struct kb_rec *rec;
	struct kb_arena *arena;
	struct kb_str question;
	bool is_asked;	      /* the small one has been, and said: */
	struct kb_str answer; /* ptr NULL: nothing */
	double confidence;    /* negative: it has none */
};

/* From set->cascade, which is not empty; the providers of the set become those
 * of both legs, small ones first. KB_EINVAL names what is wrong. */
int kb_cascade_open(struct kb_cascade **out, struct kb_providers *set,
		    struct kb_err *err);
void kb_cascade_free(struct kb_cascade *cascade); /* NULL is allowed */

/* How many of the set's providers are of the small leg. */
size_t kb_cascade_small(const struct kb_cascade *cascade);

/* Does 'when' speak of the confidence? */
bool kb_cascade_wants_confidence(const struct kb_cascade *cascade);

/* Is it for the large one? Of an expression that fails KB_EINVAL. */
int kb_cascade_is_hard(const struct kb_cascade *cascade,
		       const struct kb_cascade_view *view, bool *hard,
		       struct kb_err *err);

#endif
