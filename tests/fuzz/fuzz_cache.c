#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>

#include "base/arena.h"
#include "base/hash.h"
#include "cache/cache_file.h"
#include "cache/canonical.h"
#include "cache/response_cache.h"
#include "memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PLACES 16

/* Look for what may be there, and put something: nothing that is found may
 * be of another key, and what was put is found. */
static void use(const char *path)
{
	struct kb_cache_file f;
	struct kb_cache_entry entry,
	    one = {.made_s = 7, .bytes = KB_STR("one")};
	struct kb_hash128 keys[] = {{0, 0}, {1, 1}, {0x61, 0x61}};
	bool damaged = false, full;
	struct kb_buf buf;

	if (kb_cache_file_open(&f, AT_FDCWD, path, 0, path, NULL))
		return;
	kb_buf_init(&buf, 0);
	for (size_t i = 0; i < 3; i++)
		kb_cache_file_get(&f, keys[i], &buf, &entry, &damaged);
	if (!kb_cache_file_put(&f, keys[1], &one, UINT64_MAX / 2, &full,
			       NULL) &&
	    !full && f.places <= 65536 &&
	    (!kb_cache_file_get(&f, keys[1], &buf, &entry, &damaged) ||
	     !kb_str_is(entry.bytes, "one")))
		abort();
	kb_buf_release(&buf);
	kb_cache_file_close(&f);
}

/* A file whose head is right, so that what stands behind it is read. */
static void with_head(const uint8_t *data, size_t size, struct kb_buf *out)
{
	static const char zero[4096];
	char magic[16] = "kb cache 1";
	uint64_t places = PLACES, check;

	kb_buf_add(out, magic, sizeof(magic));
	kb_buf_add(out, &places, sizeof(places));
	check = kb_xxh64(out->ptr, out->len, KB_HASH_SEED);
	kb_buf_add(out, &check, sizeof(check));
	kb_buf_add(out, zero, 4096 - out->len);
	kb_buf_add_str(out, (struct kb_str){(const char *)data, size});
}

static void use_file(const void *data, size_t size)
{
	char path[] = "/tmp/kb-fuzz-cache-XXXXXX";
	int fd = mkstemp(path);

	/* links, as /proc has them, are not followed: a file of its own */
	if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size))
		abort();
	close(fd);
	use(path);
	unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_form_reply reply = KB_FORM_REPLY;
	struct kb_str text = {(const char *)data, size};
	struct kb_arena arena;
	struct kb_json val;
	struct kb_buf buf;

	use_file(data, size);
	kb_buf_init(&buf, 0);
	with_head(data, size, &buf);
	use_file(buf.ptr, buf.len);
	kb_buf_release(&buf);
	kb_arena_init(&arena);
	if (kb_response_read(text, &arena, &reply) && !reply.text.len)
		abort();
	if (!kb_json_check(text.ptr, text.len, &val, NULL))
		kb_canonical_hash(val, NULL, 1, &arena);
	kb_arena_release(&arena);
	return 0;
}
