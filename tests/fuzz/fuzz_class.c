/*
 * The file of a classifier: what opens labels any text and leads nowhere else,
 * or it says that it is damaged. Checksums are made right first, so that what
 * stands behind them is reached, too.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "classify/class_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keeps what is found from being optimised away. */
static volatile double seen;

static void label(const struct kb_class_model *m, struct kb_str text)
{
	static const struct kb_class_rule rules[] = {
	    {.leaf = .5}, {.keep = .95}, {.threshold = .7, .leaf = .9}};
	struct kb_class_scratch *scratch = kb_class_scratch_new();
	const float *z = kb_class_score(m, scratch, text);

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct kb_class_label l;
		struct kb_str name;

		if (kb_class_rule_check(&rules[i], m, "fuzz", NULL))
			continue;
		l = kb_class_decide(m, z, &rules[i]);
		name = kb_class_name(m, l.column, KB_STR("other"));
		seen += l.score + l.margin + (double)name.len;
		if (!(l.score >= 0 && l.score <= 1))
			abort();
	}
	kb_class_scratch_free(scratch);
}

static void look(const void *file, size_t size)
{
	static const struct kb_str texts[] = {
	    {"", 0},
	    {"where is my order", 17},
	    {"\xe9\x80\x80\xe6\xac\xbe x", 8}};
	struct kb_class_model m;

	if (!kb_class_model_parse(&m, file, size, "fuzz", NULL))
		for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
			label(&m, texts[i]);
	kb_class_model_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_class_header h;
	unsigned char *file = aligned_alloc(16, (size + 16) & ~(size_t)15);

	if (!file)
		abort();
	if (size)
		memcpy(file, data, size);
	look(file, size);
	if (size >= sizeof(h)) {
		memcpy(&h, file, sizeof(h));
		h.size = size;
		h.body_crc = kb_crc32c(0, file + sizeof(h), size - sizeof(h));
		h.crc = kb_crc32c(0, &h, offsetof(struct kb_class_header, crc));
		memcpy(file, &h, sizeof(h));
		look(file, size);
	}
	free(file);
	return 0;
}
