/*
 * Where records of a label go.
 */
#ifndef KB_CLASSIFY_CLASS_ROUTE_H
#define KB_CLASSIFY_CLASS_ROUTE_H

#include "base/err.h"
#include "base/mem.h"

struct kb_class_route {
	struct kb_str label;
	const char *path;
	int place; /* the caller's */
};

/* Read "LABEL=FILE", cut at its last "=", as a label may have one. */
int kb_class_route_read(struct kb_class_route *route, const char *text,
			struct kb_err *err);

/* The route of a label, else of its parent, else NULL. */
const struct kb_class_route *kb_class_route_find(
    const struct kb_class_route *routes, size_t n, struct kb_str label);

#endif
