/*
 * What a run of ctx-compress keeps from the first record to the last: the
 * options with what they name, opened. Threads share it, each with a compressor
 * of its own.
 */
#ifndef KB_CONTEXT_COMPRESS_RUN_H
#define KB_CONTEXT_COMPRESS_RUN_H

#include "context/compress.h"
#include "record/sessions.h"

/* Strings are borrowed. */
struct kb_compress_setup {
	struct kb_compress_options options; /* but for what is opened here */
	const char *model, *tokenizer;	    /* as kb_tokenizer_open() has it */
	const char *summary_cmd;	    /* of summarize.h; may be NULL */
	double summary_timeout_s;
	const char *intents;	    /* a model's file; may be NULL */
	const char *by, *time;	    /* of sessions.h; may be NULL */
	const char *gazetteer;	    /* a file; may be NULL */
	const char *const *indexes; /* whose names are found, too */
	size_t n_indexes;
};

struct kb_compress_run {
	struct kb_compress_options options;
	struct kb_tokenizer *tokenizer;
	struct kb_gazetteer *gazetteer;
	struct kb_summarizer *summarizer;
	struct kb_class_model intents;
	struct kb_sessions *sessions; /* NULL: a line is a record */
};

/* The run is then to be closed, opened or not. */
int kb_compress_run_open(struct kb_compress_run *run,
			 const struct kb_compress_setup *setup,
			 struct kb_err *err);
void kb_compress_run_close(struct kb_compress_run *run);

#endif
