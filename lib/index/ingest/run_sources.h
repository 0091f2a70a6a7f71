/*
 * Which sources a run reads: those that are given, or, where none is, those
 * that the index remembers; and what it remembers of them afterwards.
 *
 * A path that is given is added to what the index remembers, or takes the
 * place of what is remembered of the same one; one that only refreshes a part
 * of a remembered directory is not. With --sync and --rebuild what is given
 * is all there is. Each kind of change of what was remembered is one line.
 */
#ifndef KB_INDEX_INGEST_RUN_SOURCES_H
#define KB_INDEX_INGEST_RUN_SOURCES_H

#include "index/ingest/ingest.h"
#include "index/ingest/remembered.h"

/* What the user of a run says. All of it is borrowed. */
struct kb_given_sources {
	const char *index;
	/* None: what the index remembers, or standard input where that holds
	 * anything and 'refresh' is not set. "-" alone: standard input. */
	const char *const *paths;
	size_t n_paths;
	bool refresh;
	const char *const *forget; /* remembered paths to give up */
	size_t n_forget;
	const struct kb_ingest_options *ingest;
	/* Was that said, of doc.lines, crawl.gitignore and convert, or is it
	 * only so by default? */
	bool lines_said, gitignore_said, convert_said;
	bool rebuild, allow_delete;
	const char *const *convert; /* commands (convert/convert_command.h) */
	size_t n_convert;
	uint64_t commands;	   /* hash of those; 0: none */
	const char *embed_command; /* or NULL */
	/* Takes a line for each kind of change. */
	void (*change)(void *arg, const char *line);
	void *arg;
};

struct kb_run_sources {
	struct kb_remembered remembered; /* to be */
	bool stream;			 /* standard input is read */
	struct kb_ingest_source *items;
	size_t n, cap;
	char *here; /* the working directory */
};

/*
 * With what an index remembers. KB_EINVAL: there is nothing to refresh, or a
 * command is missing that the index was made with. To be released in either
 * case; what is given is looked at until kb_run_sources_read().
 */
int kb_run_sources_open(struct kb_run_sources *s,
			const struct kb_given_sources *given,
			struct kb_writer *writer, struct kb_err *err);
void kb_run_sources_release(struct kb_run_sources *s);

/* Read them, as 'options' and what each is read with say, and remember. */
int kb_run_sources_read(struct kb_run_sources *s, struct kb_writer *writer,
			const struct kb_ingest_options *options,
			struct kb_ingest_stats *stats, struct kb_err *err);

#endif
