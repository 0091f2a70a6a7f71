/*
 * The columns of a classifier: its labels in the order of their bytes, and
 * behind them the parents of those that are written "parent/child".
 */
#ifndef KB_CLASSIFY_CLASS_COLUMNS_H
#define KB_CLASSIFY_CLASS_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct kb_class_columns {
	struct kb_str *names; /* n; borrowed from the texts' labels */
	uint32_t n, n_labels;
	uint32_t *parent;	  /* of each label its column, or UINT32_MAX */
	uint32_t *of_text;	  /* of each text its label */
	uint32_t *parent_of_text; /* likewise; UINT32_MAX: it has none */
};

/* Is it a label? KB_EINVAL says what is wrong with it. */
int kb_class_label_check(struct kb_str label, struct kb_err *err);

/* Its parent: what stands before its first slash; empty: it has none. */
struct kb_str kb_class_label_parent(struct kb_str label);

/*
 * Of n texts with these labels, which outlive it. flat: no parents. A label
 * that is the parent of others is its own parent, too. KB_EINVAL: fewer than
 * two labels; KB_ELIMIT: too many. To be released in any case.
 */
int kb_class_columns_make(struct kb_class_columns *columns,
			  const struct kb_str *labels, size_t n, bool flat,
			  struct kb_err *err);
void kb_class_columns_release(struct kb_class_columns *columns);

#endif
