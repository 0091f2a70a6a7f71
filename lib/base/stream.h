/*
 * The bytes of a descriptor, unpacked when they are gzip or zstd.
 *
 * Which of the three it is shows in the first bytes; gzip members and zstd
 * frames may follow one another. What is cut short, damaged, or has other
 * bytes behind its end is an error, and what was unpacked by the same call is
 * dropped. What xz or bzip2 packed is refused with what to do.
 * Memory does not depend on the data: 128 KiB, and the window of the format
 * (32 KiB of gzip; zstd frames that ask for more than 128 MiB are refused).
 * The descriptor stays the caller's.
 */
#ifndef KB_BASE_STREAM_H
#define KB_BASE_STREAM_H

#include <stdint.h>

#include "base/err.h"

struct kb_stream_codec;

struct kb_stream {
	int fd;
	const char *name;   /* borrowed, for messages */
	uint64_t raw_bytes; /* read from fd, as they are */
	bool waits;	    /* no regular file: a read may wait */
	bool begun;	    /* its form is known */
	bool ended;
	char head[10]; /* first bytes, while they do not tell the form */
	size_t n_head;
	struct kb_stream_codec *codec; /* NULL: plain */
};

#define KB_STREAM_ROOM 16 /* the least room to read into, bytes */

void kb_stream_init(struct kb_stream *s, int fd, const char *name);
void kb_stream_release(struct kb_stream *s);

/*
 * Up to room bytes (KB_STREAM_ROOM at least) to 'to'; *n == 0 is the end.
 * KB_ECLOSED when a signal came first: nothing is lost, call again. KB_EIO,
 * KB_EFORMAT; the message names the stream.
 */
int kb_stream_read(struct kb_stream *s, char *to, size_t room, size_t *n,
		   struct kb_err *err);

/* May it be read without waiting? The first bytes of a stream that could
 * become a magic number are waited for. */
bool kb_stream_ready(const struct kb_stream *s);

#endif
