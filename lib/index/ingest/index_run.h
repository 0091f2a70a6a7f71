/*
 * A run that brings an index up to date, at one commit or, where a model makes
 * vectors, which takes long, at several: what is done is searchable then, and a
 * run that is interrupted leaves it. Each part is a refresh of its own and what
 * it left is read by the next; an index that the run is to take the place of
 * stays until all is done.
 */
#ifndef KB_INDEX_INGEST_INDEX_RUN_H
#define KB_INDEX_INGEST_INDEX_RUN_H

#include "index/ingest/ingest.h"
#include "index/write/writer_legs.h"

/* All of it is borrowed. */
struct kb_index_run {
	const char *index;
	const struct kb_writer_options *writer;
	struct kb_legs *legs; /* as given, before and after */
	const char *models;   /* to embed with, or NULL: kb_legs_join() */
	const struct kb_leg_ops *more; /* another leg that is built */
	void *more_arg;
	bool reads_nothing;	  /* only merges */
	const char *const *paths; /* these five: run_sources.h */
	size_t n_paths;
	bool refresh;
	const char *const *forget; /* remembered paths to give up */
	size_t n_forget;
	/* Of its doc.lines, crawl.gitignore and shard say these. */
	struct kb_ingest_options ingest;
	int lines, gitignore; /* 1: yes, 0: no, -1: not said */
	const char *shard;    /* "I/N", or NULL */
	bool convert_said;    /* as in struct kb_given_sources */
	/* Takes a line for each change of what is remembered; may be NULL. */
	void (*change)(void *arg, const char *line);
	const char *const *convert; /* commands (convert/convert_command.h) */
	size_t n_convert;
	double commit_every_s; /* 0: at the end */
	/* Told what begins behind the reading; may be NULL. Its argument is
	 * that of ingest.progress. */
	void (*phase)(void *arg, const char *name);
	/* Before the close, once. */
	void (*report)(void *arg, const struct kb_writer *writer,
		       const struct kb_ingest_stats *stats);
	void *report_arg;
};

/* *problems: lines and files that were left out, each once. Lines are said
 * once, too, when several parts meet them. */
int kb_index_run(const struct kb_index_run *run, uint64_t *problems,
		 struct kb_err *err);

#endif
