/* A command line: words with zero bytes between. Whatever it says, values
 * lie inside their ranges. */
#include <math.h>
#include <string.h>

#include "cli/opt.h"
#include "doc/doc.h"
#include "memory_file.h"
#include "search/search.h"
#include "search/search_base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 32 };

static struct {
	bool flag;
	const char *string;
	struct kb_opt_list list;
	uint64_t count, size;
	double number, duration;
	int choice;
} o;

static const struct kb_opt table[] = {
    {'f', "flag", NULL, "", KB_OPT_FLAG, &o.flag, 0, 0, NULL},
    {'s', "string", "S", "", KB_OPT_STRING, &o.string, 0, 0, NULL},
    {'l', "list", "S", "", KB_OPT_LIST, &o.list, 0, 0, NULL},
    {'c', "count", "N", "", KB_OPT_COUNT, &o.count, 1, 256, NULL},
    {'z', "size", "SIZE", "", KB_OPT_SIZE, &o.size, 16, 1 << 30, NULL},
    {'n', "number", "X", "", KB_OPT_NUMBER, &o.number, 0, 1, NULL},
    {'d', "duration", "T", "", KB_OPT_DURATION, &o.duration, 0, 0, NULL},
    {'w', "way", "WAY", "", KB_OPT_CHOICE, &o.choice, 0, 0, "one|two|three"},
};

static const struct kb_opt_program program = {
    .name = "fuzz",
    .synopsis = "",
    .about = "",
    .options = table,
    .n_options = KB_OPT_N(table),
};

static void check_values(void)
{
	if ((o.count && (o.count > 256)) || (o.size && o.size < 16) ||
	    o.size > 1 << 30 || !(o.number >= 0 && o.number <= 1) ||
	    !(o.duration >= 0) || !isfinite(o.duration) || o.choice < 0 ||
	    o.choice > 2)
		abort();
}

/* What a search takes as text. */
static void search_options(const char *text)
{
	struct kb_base_options options = {.filter = text};
	struct kb_search_options search = {0};
	struct kb_base *base;
	int64_t at;

	kb_doc_time(kb_str_of(text), false, &at);
	kb_doc_time(kb_str_of(text), true, &at);
	kb_search_choose_legs(&search, text, NULL);
	for (int i = 0; i < 3; i++) {
		options.filter = i == 0 ? text : NULL;
		options.at = i == 1 ? text : NULL;
		options.weights = i == 2 ? text : NULL;
		if (kb_base_open(&base, &options, NULL))
			continue;
		for (int leg = 0; leg < KB_LEGS; leg++)
			if (!(base->weights[leg] >= 0 &&
			      base->weights[leg] <= 100))
				abort();
		kb_base_unref(base);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS_MAX + 2], *text = malloc(size + 1);
	int argc = 1, n;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	argv[0] = text + size;
	for (size_t at = 0; at < size && argc <= WORDS_MAX;
	     at += strlen(text + at) + 1) {
		/* those print and end the program */
		if (strncmp(text + at, "--h", 3) &&
		    strncmp(text + at, "--v", 3) &&
		    strncmp(text + at, "--dump", 6))
			argv[argc++] = text + at;
	}
	argv[argc] = NULL;
	memset(&o, 0, sizeof(o));
	search_options(text);
	for (int i = 1; i + 1 < argc; i++)
		kb_opt_set(&program, argv[i], argv[i + 1], NULL);
	check_values();
	if (kb_opt_parse(&program, argc, argv, &n, NULL) == 0 &&
	    (n < 0 || n >= argc))
		abort();
	check_values();
	free(text);
	return 0;
}
