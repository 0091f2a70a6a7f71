/*
 * Looking into an index: its documents one by one, one of them, counts and
 * sizes, a dump, verification. Everything is written as it is read; memory
 * grows with the files that the index remembers, not with its documents.
 */
#ifndef KB_INDEX_INGEST_INDEX_LOOK_H
#define KB_INDEX_INGEST_INDEX_LOOK_H

#include "index/ingest/dump.h"
#include "index/ingest/sources.h"

enum kb_look_form { KB_LOOK_JSON, KB_LOOK_TEXT, KB_LOOK_TSV };

struct kb_look {
	bool verify, info, list, dump;
	const char *show; /* an id, or id#number of a passage; or NULL */
	int form;	  /* enum kb_look_form */
};

static inline bool kb_look_asked(const struct kb_look *look)
{
	return look->verify || look->info || look->list || look->dump ||
	       look->show;
}

/* Open the one index of the operands and do what is asked for, in this order:
 * verify, info, list, show, dump. */
int kb_index_look(char *const *operands, size_t n, const struct kb_look *look,
		  const struct kb_dump_sink *sink, struct kb_err *err);

/*
 * A line for each document: id, title, source, bytes of its text, passages, and
 * the time of its file's content; then one for each problem that the last run
 * met in a file.
 */
int kb_index_list(const struct kb_index *index, int form,
		  const struct kb_dump_sink *sink, struct kb_err *err);

/* A document, or one passage. KB_ENOENT when there is none of this id. */
int kb_index_show(const struct kb_index *index, const char *id, int form,
		  const struct kb_dump_sink *sink, struct kb_err *err);

#endif
