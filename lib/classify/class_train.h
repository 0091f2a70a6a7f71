/*
 * Learning a classifier from labelled texts.
 *
 * Texts are handed over in any order and by several threads, each with its
 * number; the model depends on the texts in the order of their numbers alone.
 * They are kept as features, about 8 bytes for each character, until the model
 * is made; KB_CLASS_TRAIN_FEATURES bounds them.
 *
 * A label "parent/child" (cut at its first slash) makes its parent a column,
 * too, learned from the texts of all its children and from those that are
 * labelled with the parent alone. What a score is worth is learned from texts
 * that each were left out in turn.
 */
#ifndef KB_CLASSIFY_CLASS_TRAIN_H
#define KB_CLASSIFY_CLASS_TRAIN_H

#include "base/buf.h"
#include "base/err.h"
#include "classify/class_features.h"

#define KB_CLASS_TRAIN_FEATURES ((size_t)1 << 27) /* of all texts */
#define KB_CLASS_TRAIN_WEIGHTS	((size_t)1 << 31) /* features * columns */

struct kb_class_trainer;

struct kb_class_train_options {
	bool flat;	  /* a slash in a label means nothing */
	unsigned threads; /* 1 or more */
	const char *date; /* YYYY-MM-DD */
};

struct kb_class_trainer *kb_class_trainer_new(void);
void kb_class_trainer_free(struct kb_class_trainer *trainer);

/*
 * Take a text, by any thread. KB_EINVAL: no label, or one that is no label
 * (longer than KB_CLASS_LABEL_MAX bytes, or with control characters in it).
 * KB_ELIMIT: more texts than can be kept.
 */
int kb_class_trainer_add(struct kb_class_trainer *trainer, uint64_t number,
			 struct kb_str label,
			 const struct kb_class_features *features,
			 struct kb_err *err);

/* Learn, and append the model's file. KB_EINVAL: fewer than two labels. */
int kb_class_trainer_finish(struct kb_class_trainer *trainer,
			    const struct kb_class_train_options *options,
			    struct kb_buf *out, struct kb_err *err);

#endif
