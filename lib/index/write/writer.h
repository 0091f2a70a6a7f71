/*
 * Building and changing an index.
 *
 * A writer holds the lock of one index directory, takes documents to add
 * and identities to remove, and publishes all of it at once with
 * kb_writer_commit(). Until then readers see the old generation; a writer
 * that dies leaves it as it was. The calling thread analyses; two threads
 * more invert, and compress and write.
 *
 * A leg of the search other than the lexical one takes part through struct
 * kb_leg_ops (leg_ops.h): it sees every chunk that is added, adds its own
 * sections to the segment, and merges them when segments are merged. What all
 * segments share, such as a trained model, is a global file of the generation.
 */
#ifndef KB_INDEX_WRITE_WRITER_H
#define KB_INDEX_WRITE_WRITER_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "index/index.h"
#include "store/container.h"
#include "json/rec.h"

/* One chunk of a document to add. */
struct kb_writer_chunk {
	uint32_t start, end; /* bytes of the document's text */
	uint32_t line;	     /* 1-based line of start in the source, or 0 */
	struct kb_str heading;
};

/* Borrowed during kb_writer_put() only. */
struct kb_writer_doc {
	struct kb_str id; /* not empty, at most KB_ID_MAX bytes */
	struct kb_str title;
	struct kb_str text;
	struct kb_str source; /* path it came from; empty: the input stream */
	struct kb_str meta;   /* JSON object of the other members, or empty */
	const struct kb_writer_chunk *chunks; /* none: the whole text is one */
	size_t n_chunks;
	/* For the vector and graph legs (kb_doc has both): the member
	 * 'vector' as JSON text, an array or base64 string, or empty; and
	 * subject, predicate, object of the member 'triple', or empty. */
	struct kb_str vector;
	struct kb_str triple[3];
	/* Of its chunks, by model, or NULL. */
	const struct kb_vec_dump *vectors[KB_VECTOR_SLOTS];
	/* Tells documents apart that have one id and source, made with the
	 * index's seed; 0: the writer hashes all of the above. */
	uint64_t hash;
};

#define KB_ID_MAX  65535
#define KB_DOC_MAX ((size_t)1 << 30)

struct kb_writer;

/* ---- legs ---- */

struct kb_leg_ops; /* leg_ops.h */

/* Before the first document. Both are borrowed till the close. */
void kb_writer_add_leg(struct kb_writer *writer, const struct kb_leg_ops *ops,
		       void *leg);

/*
 * A global file: one per slot name (letters, digits, '-', at most 24) and
 * generation, kept by later generations until it is set again. Create it
 * with kb_writer_global_create(), fill the container, and hand it to
 * kb_writer_global_finish(). Readers get it with kb_index_global().
 */
int kb_writer_global_create(struct kb_writer *writer, const char *slot,
			    struct kb_container *out, struct kb_err *err);
int kb_writer_global_finish(struct kb_writer *writer, const char *slot,
			    struct kb_container *out, struct kb_err *err);

/* The generation to be has none. */
void kb_writer_global_drop(struct kb_writer *writer, const char *slot);

/* ---- life ---- */

struct kb_writer_options {
	struct kb_io *io;      /* NULL: the operating system's files */
	double lock_wait_s;    /* how long to wait for another writer */
	size_t memory_bytes;   /* inverter's bound; 0: the default */
	unsigned title_weight; /* of a new index; 0: 1 */
	const char *keywords;  /* comma-separated members, or NULL */
	const char *numerics;
	const char *words; /* file of the user's dictionary, or NULL */
	double grace_s;	   /* age before an old file is removed */
	bool rebuild;	   /* start from nothing, replace at commit */
	bool allow_delete; /* lift the limit of 20 % */
	bool single_thread;
	bool optimize;	    /* merge all segments into one */
	uint64_t hash_seed; /* of a new index; 0: a random one */
	bool must_exist;
	bool settings_only; /* segments stay as they are: no merge */
};

/* Makes the directory when there is none. KB_EBUSY when locked. */
int kb_writer_open(struct kb_writer **out, const char *path,
		   const struct kb_writer_options *options, struct kb_err *err);

/*
 * Add a document, or replace the one with its id. KB_EINVAL, naming both
 * sources, when another source keeps the id: of two files the one whose path
 * is less in byte order, as in a new build; between a file and the input
 * stream the one that had it first. Files come in the order of their paths; see
 * kb_writer_displaced() for one that loses a document to such a one.
 */
int kb_writer_put(struct kb_writer *writer, const struct kb_writer_doc *doc,
		  struct kb_err *err);

/* Whether a document with this id, source and hash is there already: then
 * it stays, as if it had been put again. Saves making its chunks. */
int kb_writer_keep(struct kb_writer *writer, const struct kb_writer_doc *doc,
		   bool *kept, struct kb_err *err);

/* As kb_writer_keep(), by source and hash alone, for a document that has
 * not been decoded. Sources are renewed before the first call. */
bool kb_writer_keep_hash(struct kb_writer *writer, struct kb_str source,
			 uint64_t hash);

/* Remove by id, as a line of 'source' says: what it holds itself, or sources
 * before it. *from: the path of the document's, "" of the input stream, NULL
 * when nothing went; valid until the close. */
int kb_writer_delete(struct kb_writer *writer, struct kb_str id,
		     struct kb_str source, const char **from,
		     struct kb_err *err);

/* Why a source that does not change may hold other documents next time; bits.
 */
enum kb_contest {
	KB_CONTEST_IDS = 1,  /* others hold its ids, or it removes by id */
	KB_CONTEST_LOST = 2, /* and it lost a document, not being read */
};
unsigned kb_writer_contest(const struct kb_writer *writer,
			   struct kb_str source);

/* The path of a source that just lost a document to one before it without
 * being renewed: it is to be renewed and read in this run, or the next. Each
 * once, then NULL; valid until the close. */
const char *kb_writer_displaced(struct kb_writer *writer);

/*
 * The documents of a source are about to be put again: those that are not,
 * until the commit, are removed, and those that come just as they are stay
 * without any work. An empty source is the input stream. KB_RENEW_NOT: it
 * cannot be read after all, and those that did not come stay.
 */
enum kb_renew {
	KB_RENEW_NOT,
	KB_RENEW,
	KB_RENEW_MEANT, /* and what goes is no accident */
};
void kb_writer_renew_source(struct kb_writer *writer, struct kb_str source,
			    enum kb_renew how);
/* All sources: what is not put again goes. */
void kb_writer_renew_all(struct kb_writer *writer);

/*
 * Give a new index the settings and the words (an array of strings, or none)
 * of another one's dump: title weight, columns, legs left out, what a search
 * learned, the null distribution, as far as no option says otherwise. Nothing
 * happens in an index that is there, or once a document was put. KB_EINVAL
 * when they make no sense, KB_ELIMIT; then some may have been taken over.
 */
int kb_writer_adopt(struct kb_writer *writer, struct kb_json settings,
		    struct kb_json words, struct kb_arena *arena,
		    struct kb_err *err);

/* The settings of the generation to be, to be changed in the writer's own
 * thread; the commit writes them. KB_ELIMIT there when they are too large. */
struct kb_settings *kb_writer_settings(struct kb_writer *writer);
const char *kb_writer_path(const struct kb_writer *writer);
/* Words of the user's dictionary, as lines (userwords.h). */
struct kb_str kb_writer_words(const struct kb_writer *writer);

struct kb_writer_stats {
	uint64_t added, replaced, deleted, unchanged; /* documents */
	uint64_t superseded; /* by another one of their source, in one run */
	uint64_t chunks, text_bytes;
	uint64_t segments, merged;
};
const struct kb_writer_stats *kb_writer_stats(const struct kb_writer *writer);

/*
 * Publish; legs learn anew (renew) when the index has doubled since they did.
 * KB_EINVAL when more than 20 % of the documents would go and allow_delete is
 * unset: nothing is changed then. Nothing to do is no error and writes nothing.
 */
int kb_writer_commit(struct kb_writer *writer, struct kb_err *err);

/* Without a commit everything since the open is forgotten. */
void kb_writer_close(struct kb_writer *writer);

#endif
