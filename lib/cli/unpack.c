#include "cli/unpack.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"

enum { IN_SIZE = 128 << 10 };

struct kb_unpack {
	ZSTD_DStream *zstd; /* or NULL: gzip */
	z_stream gzip;
	bool whole; /* between frames or members */
	bool full;  /* the last call filled all of its room */
	size_t at, n;
	char in[IN_SIZE];
};

struct kb_unpack *kb_unpack_new(const void *magic, size_t n)
{
	struct kb_unpack *unpack;
	bool gzip = n >= 2 && !memcmp(magic, "\x1f\x8b", 2);
	bool zstd = n >= 4 && !memcmp(magic, "\x28\xb5\x2f\xfd", 4);

	if (!gzip && !zstd)
		return NULL;
	unpack = kb_calloc(1, sizeof(*unpack));
	unpack->whole = true;
	if (zstd)
		unpack->zstd = ZSTD_createDStream();
	if (zstd ? !unpack->zstd : inflateInit2(&unpack->gzip, 15 + 16) != Z_OK)
		kb_oom();
	return unpack;
}

void kb_unpack_free(struct kb_unpack *unpack)
{
	if (!unpack)
		return;
	if (unpack->zstd)
		ZSTD_freeDStream(unpack->zstd);
	else
		inflateEnd(&unpack->gzip);
	free(unpack);
}

char *kb_unpack_room(struct kb_unpack *unpack, size_t *room)
{
	memmove(unpack->in, unpack->in + unpack->at, unpack->n - unpack->at);
	unpack->n -= unpack->at;
	unpack->at = 0;
	*room = IN_SIZE - unpack->n;
	return unpack->in + unpack->n;
}

void kb_unpack_fed(struct kb_unpack *unpack, size_t n)
{
	unpack->n += n;
}

static int get_zstd(struct kb_unpack *u, char *out, size_t room, size_t *n,
		    struct kb_err *err)
{
	ZSTD_inBuffer in = {u->in, u->n, u->at};
	ZSTD_outBuffer to = {out, room, 0};
	size_t rc = ZSTD_decompressStream(u->zstd, &to, &in);

	if (ZSTD_isError(rc))
		return kb_err_set(err, KB_EFORMAT, "damaged zstd data: %s",
				  ZSTD_getErrorName(rc));
	/* A call that neither reads nor writes says nothing about frames. */
	if (in.pos > u->at || to.pos)
		u->whole = rc == 0;
	u->at = in.pos;
	*n = to.pos;
	return 0;
}

static int get_gzip(struct kb_unpack *u, char *out, size_t room, size_t *n,
		    struct kb_err *err)
{
	int rc;

	if (u->whole && u->at < u->n)
		inflateReset(&u->gzip);
	u->gzip.next_in = (unsigned char *)u->in + u->at;
	u->gzip.avail_in = (unsigned)(u->n - u->at);
	u->gzip.next_out = (unsigned char *)out;
	u->gzip.avail_out = room > 1 << 30 ? 1 << 30 : (unsigned)room;
	*n = u->gzip.avail_out;
	rc = inflate(&u->gzip, Z_NO_FLUSH);
	*n -= u->gzip.avail_out;
	if (u->at < u->n || *n)
		u->whole = rc == Z_STREAM_END;
	u->at = u->n - u->gzip.avail_in;
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return kb_err_set(err, KB_EFORMAT, "damaged gzip data: %s",
				  u->gzip.msg ? u->gzip.msg : "no message");
	return 0;
}

int kb_unpack_get(struct kb_unpack *unpack, char *out, size_t room, size_t *n,
		  struct kb_err *err)
{
	int rc;

	*n = 0;
	/* A member may end without output; then the next one begins. */
	do {
		size_t before = unpack->at;

		rc = unpack->zstd ? get_zstd(unpack, out, room, n, err)
				  : get_gzip(unpack, out, room, n, err);
		if (!rc && !*n && unpack->at == before)
			break;
	} while (!rc && !*n && unpack->at < unpack->n);
	unpack->full = *n == room;
	return rc;
}

bool kb_unpack_ready(const struct kb_unpack *unpack)
{
	return unpack->full || unpack->at < unpack->n;
}

bool kb_unpack_whole(const struct kb_unpack *unpack)
{
	return unpack->whole && unpack->at == unpack->n;
}
