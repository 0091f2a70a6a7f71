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
#include "index/settings.h"

struct kb_index {
	const char *path;    /* as given */
	uint64_t generation; /* of the commit seen */
	char commit[33];     /* its name in 'retrieval.commit' */
	struct kb_segment **segments;
	size_t n_segments;
	uint64_t n_chunks;     /* alive, all segments */
	uint64_t total_length; /* of the chunks alive */
	struct kb_settings settings;
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

/* Map the file of its sources (ingest/sources.h), whose sections of 'known' are
 * understood; an empty view when there is none. kb_container_unmap() after. */
int kb_index_map_sources(const struct kb_index *index, uint32_t known,
			 struct kb_container_view *view, struct kb_err *err);

/* Has any segment this section (KB_SEC_*)? */
bool kb_index_has_section(const struct kb_index *index, int section);

/* Check the checksums of global files and of the sources: KB_EFORMAT. */
int kb_index_verify_files(const struct kb_index *index, struct kb_err *err);

#endif
