#include "classify/class_route.h"

#include "classify/class_columns.h"

int kb_class_route_read(struct kb_class_route *route, const char *text,
			struct kb_err *err)
{
	const char *is = strrchr(text, '=');
	char quoted[KB_QUOTE_MAX];

	if (!is || is == text || !is[1])
		return kb_err_set(err, KB_EINVAL,
				  "--route: '%s' is not LABEL=FILE",
				  kb_err_quote(quoted, text, strlen(text)));
	route->label = (struct kb_str){text, (size_t)(is - text)};
	route->path = is + 1;
	return 0;
}

const struct kb_class_route *kb_class_route_find(
    const struct kb_class_route *routes, size_t n, struct kb_str label)
{
	for (int part = 0; part < 2 && label.len; part++) {
		for (size_t i = 0; i < n; i++)
			if (kb_str_eq(routes[i].label, label))
				return &routes[i];
		label = kb_class_label_parent(label);
	}
	return NULL;
}
