/*
 * What make runs: a file of ranks becomes the table that is linked.
 *
 * usage: pack-tokens o200k|cl100k RANKS.tiktoken.zst TABLE
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/stream.h"
#include "token/bpe_image.h"
#include "token/tiktoken_file.h"

#define MOST ((size_t)64 << 20) /* bytes unpacked */

static int read_all(const char *path, struct kb_buf *out, struct kb_err *err)
{
	struct kb_stream stream;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	size_t n = 1;

	if (fd < 0)
		return kb_err_sys(err, "'%s'", path);
	kb_stream_init(&stream, fd, path);
	for (rc = 0; rc == 0 && n; out->len += n) {
		n = 0;
		if (!kb_buf_reserve(out, 1 << 20))
			rc =
			    kb_err_set(err, KB_ELIMIT,
				       "'%s': more than %zu bytes", path, MOST);
		else
			rc = kb_stream_read(&stream, out->ptr + out->len,
					    1 << 20, &n, err);
	}
	kb_stream_release(&stream);
	close(fd);
	return rc;
}

static int write_all(const char *path, const struct kb_buf *image,
		     struct kb_err *err)
{
	FILE *file = fopen(path, "wb");
	bool done;

	if (!file)
		return kb_err_sys(err, "'%s'", path);
	done = fwrite(image->ptr, 1, image->len, file) == image->len;
	done &= fclose(file) == 0;
	return done ? 0 : kb_err_sys(err, "'%s'", path);
}

static int pack(char **argv, struct kb_buf *text, struct kb_buf *image,
		struct kb_err *err)
{
	bool o200k = !strcmp(argv[1], "o200k");
	struct kb_bpe_owned owned;
	int rc = read_all(argv[2], text, err);

	if (rc == 0)
		rc = kb_tiktoken_read(&owned, kb_buf_str(text),
				      o200k ? KB_SPLIT_O200K : KB_SPLIT_CL100K,
				      err);
	if (rc < 0)
		return rc;
	if (owned.whole)
		rc = kb_err_set(err, KB_EFORMAT,
				"'%s': a token is not derived from those of "
				"lower ranks",
				argv[2]);
	else
		kb_bpe_image_write(&owned.bpe, owned.n_slots, image);
	kb_bpe_owned_release(&owned);
	return rc < 0 ? rc : write_all(argv[3], image, err);
}

int main(int argc, char **argv)
{
	struct kb_buf text, image;
	struct kb_err err = {.code = 0};
	int rc;

	if (argc != 4) {
		fputs("usage: pack-tokens o200k|cl100k RANKS TABLE\n", stderr);
		return 2;
	}
	kb_buf_init(&text, MOST);
	kb_buf_init(&image, 0);
	rc = pack(argv, &text, &image, &err);
	kb_buf_release(&text);
	kb_buf_release(&image);
	if (rc < 0)
		fprintf(stderr, "pack-tokens: %s\n", err.msg);
	return rc < 0 ? 2 : 0;
}
