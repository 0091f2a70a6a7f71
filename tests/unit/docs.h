/* Documents out of bytes in memory, for the tests of lib/doc. */
#ifndef KB_TESTS_DOCS_H
#define KB_TESTS_DOCS_H

#include <sys/mman.h>
#include <unistd.h>

#include "doc/doc.h"

/* A reader of bytes as if they stood in a file of that name. */
static inline int open_bytes(struct kb_doc_reader **r, const void *bytes,
			     size_t len, const char *name,
			     const struct kb_doc_opts *opts, struct kb_err *err)
{
	int fd = memfd_create("doc", MFD_CLOEXEC), rc;

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) != 0)
		return kb_err_sys(err, "memfd");
	rc = kb_doc_open(r, fd, NULL, name, opts, err);
	if (rc < 0)
		close(fd);
	return rc;
	/* the descriptor leaks on success; a test process is short */
}

#endif
