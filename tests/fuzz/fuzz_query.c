/* The syntax of questions and of filters: any text is a question, and what
 * it is taken apart into lies in it. */
#include <stdint.h>
#include <stdlib.h>

#include "query/filter.h"
#include "query/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keeps what is read from being optimised away. */
static volatile size_t seen;

static bool known(void *arg, struct kb_str name)
{
	(void)arg;
	return name.len < 9;
}

static size_t read_all(struct kb_str s)
{
	size_t sum = s.len;

	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.ptr[i];
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kb_query_fields fields = {known, known, NULL};
	struct kb_str text = {(const char *)data, size};
	struct kb_filter_set set = {0};
	struct kb_arena arena;
	struct kb_query q;

	kb_arena_init(&arena);
	kb_query_parse(&q, text, &fields, &arena);
	if (q.n_clauses > KB_QUERY_CLAUSES || q.n_prefixes > KB_QUERY_CLAUSES ||
	    q.text.len > 2 * size + 2)
		abort();
	seen += read_all(q.text);
	for (size_t i = 0; i < q.n_clauses; i++)
		seen +=
		    read_all(q.clauses[i].name) + read_all(q.clauses[i].text);
	for (size_t i = 0; i < q.n_prefixes; i++)
		seen += read_all(q.prefixes[i]);
	kb_query_parse(&q, text, NULL, &arena);
	if (!kb_filter_parse(&set, text, NULL)) {
		if (set.n > KB_FILTER_CONDITIONS)
			abort();
		for (size_t i = 0; i < set.n; i++)
			for (size_t j = 0; j < set.items[i].n_values; j++)
				seen += read_all(set.items[i].values[j]);
	}
	kb_filter_release(&set);
	kb_arena_release(&arena);
	return 0;
}
