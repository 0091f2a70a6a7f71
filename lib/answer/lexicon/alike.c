#include "answer/lexicon/alike.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "text/analyze.h"

#define MEMBERS_MAX 4096

/* Members of the classes, in their order: [first, after) of a class each. */
static struct {
	uint64_t keys[MEMBERS_MAX];
	uint16_t class[MEMBERS_MAX];
	uint16_t next[MEMBERS_MAX]; /* member of the same key + 1, or 0 */
	uint16_t first[MEMBERS_MAX];
	size_t n, classes;
	struct kb_map by_key; /* first member + 1 */
} table;

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The key of a word: of its stem, its character or its two characters. */
static uint64_t key_of(struct kb_analyzer *an, struct kb_terms *terms,
		       const char *word, size_t len)
{
	uint64_t key = 0;

	kb_terms_reset(terms);
	kb_analyze(an, word, len, terms);
	for (size_t i = 0; i < terms->n; i++) {
		enum kb_term_class class = kb_term_class(terms->items[i].key);

		if (class == KB_TERM_HAN2)
			return terms->items[i].key;
		if (!key && kb_term_is_base(terms->items[i].key))
			key = terms->items[i].key;
	}
	return key;
}

static void add(uint64_t key)
{
	uint64_t *head = kb_map_put(&table.by_key, key, NULL);
	uint16_t i = (uint16_t)table.n;

	if (table.n == MEMBERS_MAX)
		abort(); /* the table of this program is too long */
	table.keys[i] = key;
	table.class[i] = (uint16_t)table.classes;
	table.next[i] = (uint16_t)*head;
	*head = ++table.n;
}

static void build(void)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};

	kb_map_init(&table.by_key);
	for (size_t i = 0; kb_alike_classes[i]; i++) {
		const char *word = kb_alike_classes[i];

		table.first[table.classes] = (uint16_t)table.n;
		while (*word) {
			size_t len = strcspn(word, "|");

			add(key_of(an, &terms, word, len));
			word += len + (word[len] == '|');
		}
		table.classes++;
	}
	table.first[table.classes] = (uint16_t)table.n;
	kb_terms_release(&terms);
	kb_analyzer_free(an);
}

size_t kb_alike_find(uint64_t key, uint64_t *out)
{
	uint64_t *head;
	size_t n = 0;

	pthread_once(&once, build);
	head = kb_map_get(&table.by_key, key);
	for (size_t i = head ? (size_t)*head : 0; i; i = table.next[i - 1]) {
		uint16_t class = table.class[i - 1];

		for (size_t k = table.first[class];
		     k < table.first[class + 1] && n < KB_ALIKE_MAX; k++)
			if (table.keys[k] != key)
				out[n++] = table.keys[k];
	}
	return n;
}
