/*
 * The writer's inside, shared by writer.c, commit.c and merge*.c.
 */
#ifndef KB_INDEX_WRITE_WRITER_IMPL_H
#define KB_INDEX_WRITE_WRITER_IMPL_H

#include "base/map.h"
#include "index/write/build.h"
#include "index/write/leg_ops.h"
#include "index/write/writer.h"
#include "posting/invert_queue.h"
#include "store/manifest.h"

#define KB_WRITER_LEGS	 6
#define KB_WRITER_MEMORY ((size_t)200 << 20)

/* A segment of the generation to be: an old one or one sealed just now. */
struct kb_writer_segment {
	struct kb_manifest_segment entry;
	struct kb_segment *seg;
	bool owned;	 /* opened by the writer, not by the old index */
	uint64_t *live;	 /* own copy of the bits, once one changed */
	uint32_t n_live; /* kept up to date with it */
	uint64_t total_length;
	uint32_t *dying; /* chunks that died in this run, whose terms the
			    dictionary still counts */
	size_t n_dying, cap_dying;
	uint64_t *seen;	   /* bit per document: put again as it was */
	uint64_t *excused; /* bit per document: removed by its own source */
	bool changed;	   /* needs a new live file */
	bool gone;	   /* merged or empty: not in the next generation */
};

/* A segment in the job queue. */
struct kb_writer_seal {
	struct kb_job job; /* first */
	struct kb_writer *writer;
	struct kb_writer_seal *next;
	struct kb_build *build;
	struct kb_invert_queue *inverting;
	void *legs[KB_WRITER_LEGS];
	uint32_t number; /* the build's, as in the id map */
	struct kb_manifest_segment entry;
	uint64_t *dead; /* taken from the build */
	int failed;
	struct kb_err err;
};

struct kb_writer_leg {
	const struct kb_leg_ops *ops;
	void *leg;
};

/* Behind the first chunk of its document a title counts with so many terms:
 * a long one would cost its length for every chunk. */
#define KB_TITLE_TERMS 512

static inline struct kb_terms kb_writer_title(const struct kb_terms *title,
					      bool first)
{
	return kb_terms_head(title, first ? SIZE_MAX : KB_TITLE_TERMS);
}

/* The terms of a document's file into w->path: where the document is all of
 * it. */
void kb_writer_path_terms(struct kb_writer *w, struct kb_str source,
			  struct kb_str id);

struct kb_writer {
	struct kb_writer_options opt;
	char *path;
	int dir, lock;
	struct kb_io os, *io;
	struct kb_index *index; /* the old generation; NULL: none or not used */
	struct kb_manifest old, next;
	bool made; /* the directory, by this writer */
	bool locked;
	bool fresh;		     /* there was no generation before */
	bool touched;		     /* settings, sources or globals changed */
	bool adopted;		     /* settings of a dump */
	struct kb_settings settings; /* of the generation to be */
	struct kb_buf settings_before; /* as written, at the open */
	unsigned title_weight;
	uint64_t n_docs_before; /* alive in the old generation */
	uint64_t n_vanished;	/* that their sources no longer hold */

	struct kb_writer_segment *segs;
	size_t n_segs, cap_segs;

	struct kb_job_queue jobs, invert_jobs;
	struct kb_buf dict; /* zstd's, shared by new segments */
	bool dict_ready;
	unsigned serial; /* of files of this generation */

	struct kb_buf words; /* the user's dictionary, as lines */
	struct kb_analyzer *an;
	struct kb_terms text, title, heading, path_terms;
	struct kb_build *build; /* being filled; NULL between segments */
	struct kb_invert_queue *inverting;
	void *legs[KB_WRITER_LEGS]; /* states of the build's */
	struct kb_writer_leg ops[KB_WRITER_LEGS];
	size_t n_legs;
	uint32_t n_builds; /* number of the next build */
	struct kb_writer_seal *seals, **seals_end;
	size_t *build_segs; /* build number -> index in segs */
	size_t cap_build_segs;

	struct kb_container_view sources_view; /* sources.c */
	struct kb_map ids;     /* hash of id -> build << 32 | doc */
	struct kb_map renewed; /* hash of a source -> enum kb_renew */
	struct kb_map known;   /* mixed source and hash of their documents ->
				  segment << 32 | doc; made when asked for */
	bool known_ready;
	bool renew_all;
	struct kb_map sources;	 /* hash of a source -> its text in names */
	struct kb_map contested; /* hash of a source -> enum kb_contest */
	const char **displaced;	 /* in names; not yet told */
	size_t n_displaced, cap_displaced;
	struct kb_arena names;
	struct kb_writer_stats stats;
};

#define KB_WRITER_NO_DOC UINT64_MAX

/* Begin a segment. */
int kb_writer_begin(struct kb_writer *w, struct kb_err *err);
/* Hand the build over to the job queue. */
int kb_writer_seal(struct kb_writer *w, struct kb_err *err);
/* Wait for the job queue and take over what it finished. */
int kb_writer_settle(struct kb_writer *w, struct kb_err *err);
/* Take a described segment into segs; opens it. */
int kb_writer_take(struct kb_writer *w, const struct kb_manifest_segment *entry,
		   size_t *at, struct kb_err *err);
/* Mark a document of a settled segment dead; false when it already was. */
bool kb_writer_kill(struct kb_writer *w, size_t at, uint32_t doc);
/* "g<generation>-<serial>.<suffix>" */
void kb_writer_file_name(struct kb_writer *w, char *dst, size_t size,
			 const char *suffix);
/* Whether a chunk lives in the generation to be. */
static inline bool kb_writer_alive(const struct kb_writer_segment *s,
				   uint32_t chunk)
{
	if (s->live)
		return s->live[chunk / 64] >> (chunk % 64) & 1;
	return kb_segment_alive(s->seg, chunk);
}
uint64_t kb_writer_count_docs(const struct kb_writer *w);

/* identity.c: hash of all that a document brings. */
uint64_t kb_writer_hash_doc(const struct kb_writer *w,
			    const struct kb_writer_doc *doc);
/* Make room for doc: remove the one with its id, or refuse. *same: it is
 * there already, just like this, and stays. */
int kb_writer_resolve_conflict(struct kb_writer *w,
			       const struct kb_writer_doc *doc, uint64_t hash,
			       bool *same, struct kb_err *err);
/* Remove the documents of renewed sources that were not put again. */
void kb_writer_drop_unseen(struct kb_writer *w);

/* merge.c: choose and merge. */
int kb_writer_merge(struct kb_writer *w, struct kb_err *err);
/* merge_segments.c: write segs[which[0..n-1]], ascending, as one, and mark
 * them as gone. renew: legs that learn do so from all its text. */
int kb_writer_merge_segments(struct kb_writer *w, const size_t *which, size_t n,
			     bool renew, struct kb_err *err);

/* writer_settings.c: what the options say of the index's title weight and
 * columns; an index that is there keeps its own, and refuses others. */
int kb_settings_seed(struct kb_writer *w, struct kb_err *err);
int kb_settings_analysis(struct kb_writer *w, struct kb_err *err);
int kb_settings_weight(struct kb_writer *w, struct kb_err *err);
int kb_settings_columns(struct kb_writer *w, struct kb_err *err);

/* Before the manifest is written: the settings into it, if they changed. */
int kb_settings_commit(struct kb_writer *w, struct kb_err *err);

/* writer_globals.c: the words of the index into w->words and the analyser:
 * those of --words, which an index that is there refuses if they are others,
 * or its own. */
int kb_writer_load_words(struct kb_writer *w, struct kb_err *err);
/* w->words into the generation. */
int kb_writer_record_words(struct kb_writer *w, struct kb_err *err);

#endif
