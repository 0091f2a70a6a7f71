#include "learn/qrels.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"

#define GRADE_MAX 1e6

uint64_t kb_qrels_hash(struct kb_str id)
{
	return kb_xxh64(id.ptr, id.len, 0);
}

void kb_qrels_init(struct kb_qrels *q)
{
	*q = (struct kb_qrels){0};
	kb_map_init(&q->by_id);
	kb_arena_init(&q->arena);
}

void kb_qrels_release(struct kb_qrels *q)
{
	size_t i;

	for (i = 0; i < q->n; i++)
		free(q->queries[i].items);
	free(q->queries);
	kb_map_release(&q->by_id);
	kb_arena_release(&q->arena);
	*q = (struct kb_qrels){0};
}

size_t kb_qrels_fields(struct kb_str line, struct kb_str *field, size_t max)
{
	bool tabs = memchr(line.ptr, '\t', line.len) != NULL;
	size_t n = 0, i = 0, from;

	while (i < line.len && n < max) {
		while (i < line.len && !tabs &&
		       (line.ptr[i] == ' ' || line.ptr[i] == '\r'))
			i++;
		from = i;
		while (i < line.len &&
		       (tabs ? line.ptr[i] != '\t' : line.ptr[i] != ' '))
			i++;
		if (i > from || tabs)
			field[n++] = (struct kb_str){line.ptr + from, i - from};
		i += tabs;
	}
	return n;
}

bool kb_qrels_number(struct kb_str s, double *out)
{
	char text[64], *end;

	if (s.len == 0 || s.len >= sizeof(text))
		return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	*out = strtod(text, &end);
	return *end == '\0' && isfinite(*out);
}

void kb_qrels_add(struct kb_qrels *q, struct kb_str query, struct kb_str doc,
		  int grade)
{
	struct kb_judged_query *at;
	uint64_t *place;
	bool added;

	place = kb_map_put(&q->by_id, kb_qrels_hash(query), &added);
	if (added) {
		*place = q->n;
		kb_grow(&q->queries, &q->cap, q->n + 1, sizeof(*q->queries));
		q->queries[q->n++] = (struct kb_judged_query){
		    .id = kb_arena_copy(&q->arena, query)};
	}
	if (grade < 1)
		return;
	at = &q->queries[*place];
	kb_grow(&at->items, &at->cap, at->n + 1, sizeof(*at->items));
	at->items[at->n++] = (struct kb_judgement){kb_qrels_hash(doc), grade};
}

static bool any_relevant(const struct kb_qrels *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->queries[i].n)
			return true;
	return false;
}

int kb_qrels_read(struct kb_qrels *q, const char *name,
		  int (*next)(void *arg, struct kb_str *line,
			      struct kb_err *err),
		  void *arg, struct kb_err *err)
{
	struct kb_str line, f[4];
	unsigned long number_of_line = 0;
	double grade;
	size_t n;
	int rc;

	while ((rc = next(arg, &line, err)) > 0) {
		if (!number_of_line++)
			line = kb_str_skip(line, kb_str_mark(line));
		n = kb_qrels_fields(line, f, 4);
		if (n == 0)
			continue;
		if (n < 3 || !kb_qrels_number(f[n - 1], &grade) ||
		    fabs(grade) > GRADE_MAX) {
			if (number_of_line == 1)
				continue; /* a head line */
			return kb_err_set(
			    err, KB_EINVAL,
			    "%s:%lu: not 'query, document, grade'", name,
			    number_of_line);
		}
		kb_qrels_add(q, f[0], f[n - 2], (int)grade);
	}
	if (rc == 0 && !any_relevant(q))
		rc = kb_err_set(err, KB_EINVAL,
				"'%s' judges no document relevant", name);
	return rc;
}
