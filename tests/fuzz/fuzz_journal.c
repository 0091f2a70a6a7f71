/* What an embedder's interrupted run left: EMBEDDED in an index's directory. */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/directory.h"
#include "vector/embed_journal.h"

#define MODEL 7 /* of the seeds */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char directory[64], path[128];

static void remove_directory(void)
{
	unlink(path);
	rmdir(directory);
}

static void write_file(const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* Every float that is found is read. */
static void look(struct kb_embed_journal *j, struct kb_arena *arena, float *sum)
{
	static const struct kb_str texts[] = {
	    {"one", 3}, {"\xe4\xba\x8c", 3}, {"", 0}, {"new", 3}};

	for (size_t i = 0; i < 4; i++) {
		size_t dim;
		const float *x =
		    kb_embed_journal_find(j, texts[i], arena, &dim);

		for (size_t k = 0; x && k < dim; k++)
			*sum += x[k];
	}
}

/* Whatever was there, what is added is found by the next run. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kb_str text = {"new", 3};
	const float x[] = {1, 2};
	struct kb_embed_journal *j;
	struct kb_arena arena;
	size_t dim = 2;
	const float *found;
	float sum = 0;

	if (!directory[0]) {
		snprintf(directory, sizeof(directory), "/tmp/kb-fuzz-XXXXXX");
		if (!mkdtemp(directory))
			abort();
		snprintf(path, sizeof(path), "%s/%s", directory,
			 KB_EMBED_JOURNAL_NAME);
		atexit(remove_directory);
	}
	write_file(data, size);
	if (kb_embed_journal_open(&j, directory, 0, MODEL, NULL))
		return 0;
	kb_arena_init(&arena);
	look(j, &arena, &sum);
	if (kb_embed_journal_add(j, &text, 1, x, 2, NULL))
		abort();
	kb_embed_journal_close(j);
	if (kb_embed_journal_open(&j, directory, 0, MODEL, NULL))
		abort();
	found = kb_embed_journal_find(j, text, &arena, &dim);
	if (!found || dim != 2 || memcmp(found, x, sizeof(x)) != 0)
		abort();
	kb_embed_journal_drop(j);
	kb_embed_journal_close(j);
	kb_arena_release(&arena);
	return 0;
}
