/*
 * Prints the terms of texts, so that other engines index the very tokens
 * that kb-index does.
 *
 * usage: terms MEMBER < records.jsonl
 *
 * A line "id TAB term term ..." a record, of that string member; a term is
 * its key in hexadecimal. Forms as written (EXACT) are left out: they are
 * weight, not matches.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/analyze.h"
#include "json/rec.h"

static void print_terms(const struct kb_terms *terms)
{
	size_t i;

	for (i = 0; i < terms->n; i++) {
		if (kb_term_class(terms->items[i].key) != KB_TERM_EXACT)
			printf(" %" PRIx64, terms->items[i].key);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};
	struct kb_arena arena;
	struct kb_rec rec;
	struct kb_str text, id;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	kb_arena_init(&arena);
	while (argc == 2 && (len = getline(&line, &cap, stdin)) > 0) {
		kb_arena_reset(&arena);
		kb_terms_reset(&terms);
		if (kb_rec_scan(&rec, &arena, line, (size_t)len, NULL) < 0 ||
		    !kb_json_str(kb_rec_get(&rec, argv[1]), &arena, &text))
			continue;
		kb_analyze(an, text.ptr, text.len, &terms);
		id = kb_rec_id(&rec);
		printf("%.*s\t", (int)id.len, id.ptr);
		print_terms(&terms);
	}
	free(line);
	kb_terms_release(&terms);
	kb_arena_release(&arena);
	kb_analyzer_free(an);
	return argc == 2 ? 0 : 2;
}
