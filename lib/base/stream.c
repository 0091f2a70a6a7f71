#include "base/stream.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"

enum { PACKED_SIZE = 128 << 10, OUT_MAX = 1 << 30 };

#define GZIP_MAGIC "\x1f\x8b"
#define ZSTD_MAGIC "\x28\xb5\x2f\xfd"
#define XZ_MAGIC   "\xfd\x37zXZ" /* and its NUL */
/* "BZh", a digit, and the first block's mark: text may begin with three */
#define BZIP2_MAGIC "BZh"
#define BZIP2_BLOCK "\x31\x41\x59\x26\x53\x59"
enum { BZIP2_HEAD = 10 };

struct kb_stream_codec {
	ZSTD_DStream *zstd; /* or NULL: gzip */
	z_stream gzip;
	bool whole;   /* between frames or members */
	bool several; /* one has ended */
	bool full;    /* the last call filled all of its room */
	size_t at, n; /* packed bytes [at, n) are to be read */
	char packed[PACKED_SIZE];
};

/* ---- unpacking ---- */

/* One for data that begin with these bytes, NULL: they are plain. */
static struct kb_stream_codec *codec_new(struct kb_str head)
{
	bool zstd = kb_starts(head.ptr, head.len, ZSTD_MAGIC);
	struct kb_stream_codec *c;

	if (!zstd && !kb_starts(head.ptr, head.len, GZIP_MAGIC))
		return NULL;
	c = kb_malloc(sizeof(*c));
	memset(c, 0, offsetof(struct kb_stream_codec, packed));
	c->whole = true;
	if (zstd)
		c->zstd = ZSTD_createDStream();
	/* 16: with a header of gzip, 15: its largest window */
	if (zstd ? !c->zstd : inflateInit2(&c->gzip, 16 + 15) != Z_OK)
		kb_oom();
	return c;
}

static void codec_free(struct kb_stream_codec *c)
{
	if (!c)
		return;
	if (c->zstd)
		ZSTD_freeDStream(c->zstd);
	else
		inflateEnd(&c->gzip);
	free(c);
}

/* 'fresh': the damage is where a frame or member begins. */
static int damaged(const struct kb_stream_codec *c, bool fresh, const char *why,
		   struct kb_err *err)
{
	const char *kind = c->zstd ? "zstd" : "gzip";

	if (fresh && c->several)
		return kb_err_set(err, KB_EFORMAT,
				  "other bytes behind the end of %s data: %s",
				  kind, why);
	return kb_err_set(err, KB_EFORMAT, "damaged %s data: %s", kind, why);
}

static int get_zstd(struct kb_stream_codec *c, char *to, size_t room, size_t *n,
		    struct kb_err *err)
{
	ZSTD_inBuffer in = {c->packed, c->n, c->at};
	ZSTD_outBuffer out = {to, room, 0};
	size_t rc = ZSTD_decompressStream(c->zstd, &out, &in);

	if (ZSTD_isError(rc))
		return damaged(c, c->whole, ZSTD_getErrorName(rc), err);
	/* A call that neither reads nor writes says nothing about frames. */
	if (in.pos > c->at || out.pos)
		c->whole = rc == 0;
	c->at = in.pos;
	*n = out.pos;
	return 0;
}

static int get_gzip(struct kb_stream_codec *c, char *to, size_t room, size_t *n,
		    struct kb_err *err)
{
	bool fresh = c->whole;
	int rc;

	if (c->whole && c->at < c->n)
		inflateReset(&c->gzip);
	c->gzip.next_in = (unsigned char *)c->packed + c->at;
	c->gzip.avail_in = (unsigned)(c->n - c->at);
	c->gzip.next_out = (unsigned char *)to;
	c->gzip.avail_out = room > OUT_MAX ? OUT_MAX : (unsigned)room;
	*n = c->gzip.avail_out;
	rc = inflate(&c->gzip, Z_NO_FLUSH);
	*n -= c->gzip.avail_out;
	if (c->at < c->n || *n)
		c->whole = rc == Z_STREAM_END;
	c->at = c->n - c->gzip.avail_in;
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return damaged(c, fresh,
			       c->gzip.msg ? c->gzip.msg : "no message", err);
	return 0;
}

/* *n == 0: more packed bytes are wanted. */
static int codec_get(struct kb_stream_codec *c, char *to, size_t room,
		     size_t *n, struct kb_err *err)
{
	int rc;

	*n = 0;
	/* A member may end without output; then the next one begins. */
	do {
		size_t before = c->at;

		rc = c->zstd ? get_zstd(c, to, room, n, err)
			     : get_gzip(c, to, room, n, err);
		c->several |= c->whole;
		if (!rc && !*n && c->at == before)
			break;
	} while (!rc && !*n && c->at < c->n);
	c->full = *n == room;
	return rc;
}

/* ---- reading ---- */

void kb_stream_init(struct kb_stream *s, int fd, const char *name)
{
	struct stat st;

	*s = (struct kb_stream){.fd = fd, .name = name};
	s->waits = fstat(fd, &st) || !S_ISREG(st.st_mode);
}

void kb_stream_release(struct kb_stream *s)
{
	codec_free(s->codec);
	s->codec = NULL;
}

static int read_raw(struct kb_stream *s, char *to, size_t room, size_t *n,
		    struct kb_err *err)
{
	ssize_t got = read(s->fd, to, room);

	*n = 0;
	if (got < 0 && errno == EINTR)
		return kb_err_set(err, KB_ECLOSED, "interrupted");
	if (got < 0)
		return kb_err_sys(err, "cannot read '%s'", s->name);
	*n = (size_t)got;
	s->raw_bytes += (uint64_t)got;
	return 0;
}

/* The next packed bytes, behind those that are not read yet. */
static int refill(struct kb_stream *s, struct kb_err *err)
{
	struct kb_stream_codec *c = s->codec;
	size_t got;
	int rc;

	memmove(c->packed, c->packed + c->at, c->n - c->at);
	c->n -= c->at;
	c->at = 0;
	rc = read_raw(s, c->packed + c->n, PACKED_SIZE - c->n, &got, err);
	c->n += got;
	if (rc || got)
		return rc;
	s->ended = true;
	if (c->whole && !c->n)
		return 0;
	return kb_err_set(err, KB_EFORMAT, "'%s' ends inside compressed data",
			  s->name);
}

static int read_packed(struct kb_stream *s, char *to, size_t room, size_t *n,
		       struct kb_err *err)
{
	int rc;

	for (;;) {
		rc = codec_get(s->codec, to, room, n, err);
		if (rc)
			return kb_err_place(err, "'%s'", s->name);
		if (*n)
			return 0;
		rc = refill(s, err);
		if (rc || s->ended)
			return rc;
	}
}

static bool may_become(const char *head, size_t n, const char *magic,
		       size_t magic_len)
{
	return n < magic_len && !memcmp(head, magic, n);
}

/* Could more bytes make it a magic number? */
static bool is_open(const char *head, size_t n)
{
	return may_become(head, n, GZIP_MAGIC, strlen(GZIP_MAGIC)) ||
	       may_become(head, n, ZSTD_MAGIC, strlen(ZSTD_MAGIC)) ||
	       may_become(head, n, XZ_MAGIC, sizeof(XZ_MAGIC)) ||
	       may_become(head, n, BZIP2_MAGIC, strlen(BZIP2_MAGIC)) ||
	       (n > 3 && n < BZIP2_HEAD && kb_starts(head, n, BZIP2_MAGIC) &&
		!memcmp(head + 4, BZIP2_BLOCK, n - 4 < 6 ? n - 4 : 6));
}

/* The program that unpacks what is not read here, or NULL. */
static const char *other_packer(const char *head, size_t n)
{
	if (n >= sizeof(XZ_MAGIC) && !memcmp(head, XZ_MAGIC, sizeof(XZ_MAGIC)))
		return "xz";
	if (n >= BZIP2_HEAD && kb_starts(head, n, BZIP2_MAGIC) &&
	    !memcmp(head + 4, BZIP2_BLOCK, strlen(BZIP2_BLOCK)))
		return "bzip2";
	return NULL;
}

static int begin(struct kb_stream *s, char *to, size_t room, size_t *n,
		 struct kb_err *err)
{
	size_t most = room < PACKED_SIZE ? room : PACKED_SIZE, got, have;
	const char *packer;
	int rc;

	for (;;) {
		memcpy(to, s->head, s->n_head);
		rc = read_raw(s, to + s->n_head, most - s->n_head, &got, err);
		if (rc)
			return rc;
		have = s->n_head + got;
		if (!got || !is_open(to, have))
			break;
		s->n_head = have;
		memcpy(s->head, to, have);
	}
	packer = other_packer(to, have);
	if (packer)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' is packed by %s: '%s -dc' unpacks it",
				  s->name, packer, packer);
	s->begun = true;
	s->codec = codec_new((struct kb_str){to, have});
	if (!s->codec) {
		s->ended = !got;
		*n = have;
		return 0;
	}
	memcpy(s->codec->packed, to, have);
	s->codec->n = have;
	return read_packed(s, to, room, n, err);
}

int kb_stream_read(struct kb_stream *s, char *to, size_t room, size_t *n,
		   struct kb_err *err)
{
	int rc;

	assert(room >= KB_STREAM_ROOM);
	*n = 0;
	if (s->ended)
		return 0;
	if (!s->begun)
		return begin(s, to, room, n, err);
	if (s->codec)
		return read_packed(s, to, room, n, err);
	rc = read_raw(s, to, room, n, err);
	s->ended = !rc && !*n;
	return rc;
}

bool kb_stream_ready(const struct kb_stream *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	const struct kb_stream_codec *c = s->codec;

	return !s->waits || s->ended || (c && (c->full || c->at < c->n)) ||
	       poll(&p, 1, 0) != 0;
}
