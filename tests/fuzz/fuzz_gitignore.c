#include <stdint.h>
#include <stdlib.h>

#include "base/str.h"
#include "crawl/gitignore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The last line is the path, the others are patterns. What is ignored as a
 * file is as a directory, unless a '!' takes it back. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct kb_ignore ignore = {0};
	struct kb_str patterns = {text, 0};
	const char *nl;
	char *path;
	size_t n;
	bool got;

	if (!size || size > 4096)
		return 0;
	nl = memrchr(text, '\n', size);
	patterns.len = nl ? (size_t)(nl - text) : 0;
	n = size - patterns.len - (nl != NULL);
	path = malloc(n + 2);
	if (!path)
		return 0;
	path[0] = '/';
	memcpy(path + 1, nl ? nl + 1 : text, n);
	kb_ignore_push(&ignore, patterns, 1);
	got = kb_ignore_has(&ignore, (struct kb_str){path, n + 1}, false);
	if (got && !memchr(patterns.ptr, '!', patterns.len) &&
	    !kb_ignore_has(&ignore, (struct kb_str){path, n + 1}, true))
		abort();
	kb_ignore_release(&ignore);
	free(path);
	return 0;
}
