/*
 * What a score is worth, learned from texts that the model has not learned
 * from: class_model.h's scales.
 */
#ifndef KB_CLASSIFY_CLASS_SCALE_H
#define KB_CLASSIFY_CLASS_SCALE_H

#include "classify/class_model.h"

/* One text: z of the best column. */
struct kb_class_outcome {
	double z;
	bool right; /* that column is its own */
	bool known; /* it has one of the model's labels */
};

/*
 * Learn a scale from n outcomes; it lives in the arena. Where all are right, or
 * all are wrong, one that was not is counted beside them. KB_EINVAL: no
 * outcomes.
 */
int kb_class_scale_fit(struct kb_class_scale *out,
		       const struct kb_class_outcome *outcomes, size_t n,
		       struct kb_arena *arena, struct kb_err *err);

#endif
