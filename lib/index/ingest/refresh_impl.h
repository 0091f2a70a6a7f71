/* A refresh: what its two parts share, reading (refresh.c) and remembering
 * (refresh_settle.c). */
#ifndef KB_INDEX_INGEST_REFRESH_IMPL_H
#define KB_INDEX_INGEST_REFRESH_IMPL_H

#include "index/ingest/ingest_impl.h"

#define KB_REFRESH_NEW SIZE_MAX

/* What becomes of a file that was crawled. */
enum refresh_fate {
	UNCHANGED,
	TOUCHED, /* its time is another, its content is not */
	TO_READ,
	READ,	    /* and described anew */
	KEPT,	    /* not readable: its documents stay */
	KEPT_MIXED, /* so do those it still has, beside what was read */
	UNREADABLE, /* was never read, or vanished meanwhile */
};

struct file_plan {
	size_t known; /* in the old sources, or NEW */
	struct kb_hash128 hash;
	enum refresh_fate fate;
};

/* Where a source that is remembered lies. */
enum whereabouts {
	ELSEWHERE, /* not asked for, or in a directory that was not read */
	CRAWLED,
	GONE,
};

/* Files that nothing reads here, by what is missing. */
#define KB_REFRESH_MISSING 8
struct refresh_missing {
	struct {
		char why[200], first[KB_QUOTE_MAX];
		uint64_t files;
	} kinds[KB_REFRESH_MISSING];
	size_t n;
};

struct refresh {
	struct ingest *in;
	const struct kb_crawl *crawl;
	struct kb_sources old;
	struct file_plan *files;     /* as crawl->files */
	enum whereabouts *old_place; /* as old.entries */
	bool eventful;		     /* some document may come or go */
	bool changed;		     /* something else is to be remembered */
	/* By root, as crawl->given: what it was crawled for, */
	const struct kb_ingest_source *const *from;
	uint32_t *options;  /* hash of what its documents are read with, */
	uint64_t *roots;    /* hash of what was given, */
	bool *held;	    /* it is empty, and what it had stays */
	struct kb_buf said; /* of the file that is read */
	struct kb_sources_out read; /* what was, in order of paths */
	struct kb_sources_out out;
	struct refresh_missing missing;
};

/* One file more; more kinds than there is room for are counted to the last. */
void kb_refresh_missing_add(struct refresh_missing *missing, const char *why,
			    const char *name);
/* A line for each kind, which is a problem for each file. */
void kb_refresh_missing_say(const struct refresh_missing *missing,
			    struct ingest *in);

/* A file as it was crawled. Contests are known when all files are read. */
struct kb_source kb_refresh_describe(const struct refresh *r, size_t i);
/* When all is read: the sources of the next generation, if they differ. */
int kb_refresh_settle(struct refresh *r, struct kb_err *err);

#endif
