/*
 * An index directory, opened for reading.
 *
 * kb_index_open() takes no lock and sees one generation: the manifest and
 * every file it names are opened at once, so a writer that publishes the
 * next generation, or deletes old files, does not disturb it.
 *
 * Several directories are searched as one: open each, and hand the array to
 * the search. Lexical statistics (chunks, lengths, document frequencies)
 * are summed over all segments of all of them.
 */
#ifndef KB_INDEX_INDEX_H
#define KB_INDEX_INDEX_H

#include "index/segment.h"

struct kb_index {
	const char *path;    /* as given */
	uint64_t generation; /* of the commit seen */
	char commit[33];     /* its name in 'retrieval.commit' */
	struct kb_segment **segments;
	size_t n_segments;
	uint64_t n_chunks;	/* alive, all segments */
	uint64_t total_length;	/* of the chunks alive */
	struct kb_str settings; /* JSON object: weights, fields, model, null
				   distribution; read with json/rec.h */
	struct kb_index_files *files; /* index.c */
};

/*
 * Open the newest generation. KB_ENOENT with advice when path is no index,
 * KB_EFORMAT naming the versions when it is of another format or damaged.
 */
int kb_index_open(struct kb_index **out, const char *path, struct kb_err *err);
void kb_index_close(struct kb_index *index);

/* Tell the kernel that the index will be read here and there, as a search
 * does, and not from first to last. */
void kb_index_scatter(const struct kb_index *index);

/*
 * One question will be asked, in one thread, and then the process ends: what
 * is small is read from the files, without mapping all that lies around it.
 * Answers are the same. After kb_index_scatter().
 */
void kb_index_once(const struct kb_index *index);

/* The container's sections of a global file (writer.h), by its slot; NULL
 * when this generation has none. Lives as long as the index. */
struct kb_container_view;
const struct kb_container_view *kb_index_global(const struct kb_index *index,
						const char *slot);

/*
 * Document frequency of a term among the live chunks of a segment: what the
 * dictionary says less what the segment's deletions took away.
 */
struct kb_term_info {
	const unsigned char *ptr; /* the postings, in the mapping */
	size_t size;		  /* bytes of them */
	uint32_t count;	  /* chunks in the postings, dead ones included */
	uint32_t df_live; /* chunks alive that hold the term */
};

/* False when the segment does not hold the term. */
bool kb_dict_find(const struct kb_segment *seg, uint64_t key,
		  struct kb_term_info *info);

/*
 * Begin to read what kb_dict_find() will need, in KB_DICT_STEPS steps: do
 * each for all keys and segments before the next one.
 */
#define KB_DICT_STEPS 2
void kb_dict_want(const struct kb_segment *seg, uint64_t key, int step);

/*
 * Words of the segment in byte order, from the first not before 'from' on.
 * fn gets the normalised text and the term's key (class WORD, EXACT or CODE;
 * Han terms are not listed); it returns false to stop.
 */
void kb_dict_words(const struct kb_segment *seg, struct kb_str from,
		   bool (*fn)(void *arg, struct kb_str text, uint64_t key),
		   void *arg);

#endif
