/*
 * ZIP archives, as Office files and e-books are.
 *
 * Entries are found by the central directory and unpacked as a stream. What
 * an archive may cost is bounded: KB_ZIP_ENTRIES names, KB_ZIP_OUT_MAX bytes
 * unpacked of all that is read, and KB_ZIP_RATIO times the packed bytes where
 * that is more than KB_ZIP_FREE. Archives within archives are never opened.
 * ZIP64, several disks and encryption are refused with the reason.
 *
 * An archive belongs to one thread; the descriptor is borrowed.
 */
#ifndef KB_CONVERT_OFFICE_ZIP_H
#define KB_CONVERT_OFFICE_ZIP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define KB_ZIP_ENTRIES	 65535u
#define KB_ZIP_DIRECTORY ((size_t)16 << 20) /* bytes */
#define KB_ZIP_OUT_MAX	 ((uint64_t)512 << 20)
#define KB_ZIP_FREE	 ((uint64_t)32 << 20)
#define KB_ZIP_RATIO	 400u

struct kb_zip_entry {
	struct kb_str name;
	uint64_t packed, size; /* bytes, as the directory says */
	uint64_t offset;       /* of its own header */
	uint32_t crc;
	uint16_t method;
	bool encrypted;
};

struct kb_zip {
	int fd;
	struct kb_zip_entry *entries; /* by name */
	size_t n;
	struct kb_buf directory; /* the names stand there */
	uint64_t unpacked;	 /* bytes, of all entries so far */
};

/* KB_EFORMAT with the reason when it is none, or one that is refused;
 * KB_ELIMIT; KB_EIO. */
int kb_zip_open(struct kb_zip *zip, int fd, struct kb_err *err);
void kb_zip_close(struct kb_zip *zip);

/* NULL when there is none. */
const struct kb_zip_entry *kb_zip_find(const struct kb_zip *zip,
				       struct kb_str name);

struct kb_zip_part;

/* Begin to unpack an entry: to be closed. */
int kb_zip_part_open(struct kb_zip_part **part, struct kb_zip *zip,
		     const struct kb_zip_entry *entry, struct kb_err *err);
void kb_zip_part_close(struct kb_zip_part *part);
/* Up to 'room' bytes more, at most INT_MAX: how many, 0 at the end, whose
 * checksum is compared. */
int kb_zip_part_read(struct kb_zip_part *part, char *to, size_t room,
		     struct kb_err *err);

/* All of an entry, appended; past the ceiling of 'out' KB_ELIMIT. KB_ENOENT
 * without a message when there is no such entry. */
int kb_zip_read(struct kb_zip *zip, const char *name, struct kb_buf *out,
		struct kb_err *err);

#endif
