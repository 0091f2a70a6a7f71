/*
 * What an index remembers of the files it was made of, so that a refresh
 * reads only what changed.
 *
 * A file of the generation (KB_KIND_SOURCES) holds one entry per source in
 * the order of the paths. A source is taken for unchanged when device,
 * inode, size, the time of its content and that of its inode are as
 * remembered; when only the hash is, the entry is renewed and its documents
 * stay. A file changed so shortly before it was read that a later change could
 * carry the same time is marked racy and hashed again on the next run (the
 * rule of git's index).
 *
 * An index of an earlier writer has no states: its files are compared as that
 * one did, and get their states with the first refresh.
 */
#ifndef KB_INDEX_INGEST_SOURCES_H
#define KB_INDEX_INGEST_SOURCES_H

#include "base/map.h"
#include "index/index.h"
#include "index/write/writer.h"

enum kb_sources_section {
	KB_SOURCES_ENTRIES = 1,
	KB_SOURCES_PATHS = 2,
	KB_SOURCES_STATES = 3, /* optional, as the next one */
	KB_SOURCES_SAID = 4,
};
#define KB_SOURCES_KNOWN 0x1eu /* bits of the four */

#define KB_SOURCE_RACY	  1u
#define KB_SOURCE_OPTIONS 0xfffffffeu /* hash of what it was read with */

struct kb_source_entry {
	uint64_t path; /* offset in the paths */
	uint32_t path_len;
	uint32_t flags;
	uint64_t dev, ino, size;  /* bytes */
	int64_t mtime_ns;	  /* since the epoch */
	uint64_t hash, hash_high; /* of the content: both halves */
};

/* It wants ids of other sources, or removes by id: what it holds may change
 * when anything does. */
#define KB_STATE_CONTESTED 1u
/* To be read by the next run, changed or not. */
#define KB_STATE_AGAIN 2u
/* Was never read to its end: the index has of it what could be read. */
#define KB_STATE_PARTIAL 4u

struct kb_source_state {
	int64_t ctime_ns; /* of the inode, since the epoch */
	uint64_t name;	  /* hash of the name it was read under */
	uint64_t root;	  /* hash of the path it was found by, made absolute */
	uint64_t said;	  /* offset of what was said when it was read */
	uint32_t said_len;
	uint32_t flags; /* KB_STATE_... */
};

/* A source with all that is known of it. */
struct kb_source {
	struct kb_source_entry entry;
	struct kb_source_state state;
	struct kb_str said; /* lines, each with its newline */
};

/* The remembered ones; borrowed from the mapping. */
struct kb_sources {
	const struct kb_source_entry *entries; /* sorted by path */
	const struct kb_source_state *states;  /* NULL: it has none */
	size_t n;
	const char *paths;
	size_t paths_len;
	struct kb_str said;
};

/* KB_EFORMAT when the sections cannot be. */
int kb_sources_parse(struct kb_sources *s, const struct kb_container_view *view,
		     struct kb_err *err);
/* Those of the generation a writer started from; none when it is new. */
int kb_sources_open(struct kb_sources *s, struct kb_writer *writer,
		    struct kb_err *err);

struct kb_str kb_sources_path(const struct kb_sources *s, size_t i);
/* Without states, those are zero. */
struct kb_source kb_sources_get(const struct kb_sources *s, size_t i);
const struct kb_source_state *kb_sources_state(const struct kb_sources *s,
					       size_t i);
/* NULL when it is not known. Asked for ascending paths; *at starts at 0 and
 * goes along. */
const struct kb_source_entry *kb_sources_find(const struct kb_sources *s,
					      struct kb_str path, size_t *at);

/* The sources of the next generation. */
struct kb_sources_out {
	struct kb_source_entry *entries;
	struct kb_source_state *states;
	size_t n, cap, cap_states;
	struct kb_buf paths, said;
};

void kb_sources_out_init(struct kb_sources_out *out);
void kb_sources_out_release(struct kb_sources_out *out);
/* The places of path and lines are filled in; in any order of paths. */
void kb_sources_out_add(struct kb_sources_out *out, struct kb_str path,
			const struct kb_source *source);
/* Make it part of the writer's next generation. */
int kb_sources_out_write(struct kb_sources_out *out, struct kb_writer *writer,
			 struct kb_err *err);

/*
 * Sources of documents that came out of a dump: they are remembered as files
 * to look at, so that the next refresh reads them, or sees that they are gone.
 */
struct kb_sources_restored {
	struct kb_arena names;
	struct kb_map paths; /* hash of a path -> the path, in names */
};

void kb_sources_restored_init(struct kb_sources_restored *r);
void kb_sources_restored_release(struct kb_sources_restored *r);
void kb_sources_restore(struct kb_sources_restored *r, struct kb_str path);
/* Add them to 'out', save those that 'old' has; whether there were any. */
bool kb_sources_restored_add(const struct kb_sources_restored *r,
			     const struct kb_sources *old,
			     struct kb_sources_out *out);

#endif
