#include "classify/class_columns.h"

#include <stdlib.h>

#include "base/mem.h"
#include "classify/class_model.h"

int kb_class_label_check(struct kb_str label, struct kb_err *err)
{
	if (!label.len)
		return kb_err_set(err, KB_EINVAL, "the label is empty");
	if (label.len > KB_CLASS_LABEL_MAX)
		return kb_err_set(err, KB_EINVAL,
				  "the label is longer than %d bytes",
				  KB_CLASS_LABEL_MAX);
	for (size_t i = 0; i < label.len; i++)
		if ((unsigned char)label.ptr[i] < ' ' || label.ptr[i] == 0x7f)
			return kb_err_set(err, KB_EINVAL,
					  "the label has control characters");
	return 0;
}

struct kb_str kb_class_label_parent(struct kb_str label)
{
	const char *slash =
	    label.len ? memchr(label.ptr, '/', label.len) : NULL;

	return (struct kb_str){label.ptr,
			       slash ? (size_t)(slash - label.ptr) : 0};
}

static int by_bytes(const void *a, const void *b)
{
	return kb_str_cmp(*(const struct kb_str *)a, *(const struct kb_str *)b);
}

/* Sort, and drop what stands twice or is empty; how many are left. */
static size_t make_set(struct kb_str *names, size_t n)
{
	size_t k = 0;

	if (n)
		qsort(names, n, sizeof(*names), by_bytes);
	for (size_t i = 0; i < n; i++)
		if (names[i].len && (!k || !kb_str_eq(names[i], names[k - 1])))
			names[k++] = names[i];
	return k;
}

static uint32_t find(const struct kb_str *names, size_t n, struct kb_str name)
{
	const struct kb_str *at =
	    n ? bsearch(&name, names, n, sizeof(*names), by_bytes) : NULL;

	return at ? (uint32_t)(at - names) : UINT32_MAX;
}

/* The column of a label's parent. */
static uint32_t parent_of(const struct kb_class_columns *c, struct kb_str label)
{
	struct kb_str parent = kb_class_label_parent(label);
	uint32_t at = find(c->names + c->n_labels, c->n - c->n_labels,
			   parent.len ? parent : label);

	return at == UINT32_MAX ? at : at + c->n_labels;
}

int kb_class_columns_make(struct kb_class_columns *c,
			  const struct kb_str *labels, size_t n, bool flat,
			  struct kb_err *err)
{
	size_t n_labels, n_parents = 0;

	*c = (struct kb_class_columns){0};
	c->names = kb_calloc(2 * n + 1, sizeof(*c->names));
	memcpy(c->names, labels, n * sizeof(*labels));
	n_labels = make_set(c->names, n);
	if (n_labels < 2)
		return kb_err_set(err, KB_EINVAL,
				  "%zu labels in %zu texts; two or more are "
				  "wanted",
				  n_labels, n);
	for (size_t i = 0; i < n_labels && !flat; i++)
		c->names[n_labels + i] = kb_class_label_parent(c->names[i]);
	if (!flat)
		n_parents = make_set(c->names + n_labels, n_labels);
	if (n_labels + n_parents > KB_CLASS_COLUMNS)
		return kb_err_set(err, KB_ELIMIT,
				  "%zu labels with their parents, the limit is "
				  "%d",
				  n_labels + n_parents, KB_CLASS_COLUMNS);
	c->n_labels = (uint32_t)n_labels;
	c->n = (uint32_t)(n_labels + n_parents);
	c->parent = kb_calloc(n_labels, sizeof(*c->parent));
	for (size_t i = 0; i < n_labels; i++)
		c->parent[i] = parent_of(c, c->names[i]);
	c->of_text = kb_calloc(n, sizeof(*c->of_text));
	c->parent_of_text = kb_calloc(n, sizeof(*c->parent_of_text));
	for (size_t i = 0; i < n; i++) {
		c->of_text[i] = find(c->names, n_labels, labels[i]);
		c->parent_of_text[i] = c->parent[c->of_text[i]];
	}
	return 0;
}

void kb_class_columns_release(struct kb_class_columns *c)
{
	free(c->names);
	free(c->parent);
	free(c->of_text);
	free(c->parent_of_text);
	*c = (struct kb_class_columns){0};
}
