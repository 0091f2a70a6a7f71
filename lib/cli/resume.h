/*
 * --resume: what an interrupted batch has already written.
 *
 * kb_resume_open() reads the output of the earlier run, refuses a file that
 * is none, drops a last line that was cut and records whose error is retryable
 * (the file is rewritten beside and renamed when there were any), and remembers
 * the ids of the rest. Ids are kept as 64-bit hashes: 16 bytes a record. The
 * file is locked before it is read, until it is closed, so that two runs never
 * write it.
 */
#ifndef KB_CLI_RESUME_H
#define KB_CLI_RESUME_H

#include "base/err.h"
#include "base/file_out.h"
#include "base/map.h"
#include "base/mem.h"

struct kb_resume {
	bool on;
	struct kb_map ids; /* 1: written earlier, 2: seen in this run */
	uint64_t kept, dropped;
	bool coded; /* packed or in UTF-16: to be rewritten to go on */
};

/* file, which is to be released in any case, is then where to go on. KB_EBUSY:
 * another run has it. */
int kb_resume_open(struct kb_resume *resume, struct kb_file_out *file,
		   const char *path, size_t max_line, struct kb_err *err);
void kb_resume_release(struct kb_resume *resume);

/* 1: skip this record; 0: work on it; KB_EINVAL: it has no id, or one that
 * another record of this run had. */
int kb_resume_check(struct kb_resume *resume, struct kb_str id,
		    struct kb_err *err);

#endif
