/* What a run of ingestion did, for people and for --stats. */
#include <stdio.h>

#include "index/ingest/ingest.h"
#include "json/write.h"

/* What this run and those before it did. What they added is unchanged to it
 * where its file is read again. */
static struct kb_writer_stats sum(const struct kb_writer *writer,
				  const struct kb_ingest_stats *stats)
{
	const struct kb_writer_stats *b = &stats->before;
	struct kb_writer_stats s = *kb_writer_stats(writer);

	s.unchanged -= b->added < s.unchanged ? b->added : s.unchanged;
	s.added += b->added;
	s.replaced += b->replaced;
	s.deleted += b->deleted;
	s.chunks += b->chunks;
	s.text_bytes += b->text_bytes;
	s.segments += b->segments;
	s.merged += b->merged;
	return s;
}

void kb_ingest_add_before(struct kb_ingest_stats *stats,
			  const struct kb_writer *writer)
{
	stats->before = sum(writer, stats);
}

void kb_ingest_say(const struct kb_writer *writer,
		   const struct kb_ingest_stats *stats,
		   void (*say)(void *arg, const char *line))
{
	const struct kb_writer_stats all = sum(writer, stats), *s = &all;
	char line[300];

	snprintf(line, sizeof(line),
		 "%llu files, %llu read, %llu gone; documents: %llu added, "
		 "%llu replaced, %llu removed, %llu unchanged; %llu problems",
		 (unsigned long long)stats->files,
		 (unsigned long long)stats->files_read,
		 (unsigned long long)stats->files_removed,
		 (unsigned long long)(s->added - s->replaced),
		 (unsigned long long)s->replaced,
		 (unsigned long long)s->deleted,
		 (unsigned long long)s->unchanged,
		 (unsigned long long)stats->problems);
	say(NULL, line);
}

void kb_ingest_members(const struct kb_writer *writer,
		       const struct kb_ingest_stats *stats, uint64_t elapsed_ns,
		       struct kb_buf *out)
{
	const struct kb_writer_stats all = sum(writer, stats), *s = &all;
	size_t from = out->len;
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_count(&w, "files", stats->files);
	kb_jw_count(&w, "files_read", stats->files_read);
	kb_jw_count(&w, "files_removed", stats->files_removed);
	kb_jw_count(&w, "added", s->added - s->replaced);
	kb_jw_count(&w, "replaced", s->replaced);
	kb_jw_count(&w, "removed", s->deleted);
	kb_jw_count(&w, "unchanged", s->unchanged);
	kb_jw_count(&w, "chunks", s->chunks);
	kb_jw_count(&w, "text_bytes", s->text_bytes);
	kb_jw_count(&w, "segments", s->segments);
	kb_jw_count(&w, "merged", s->merged);
	kb_jw_key(&w, "mb_s");
	kb_jw_fixed(&w,
		    elapsed_ns ? (double)stats->bytes * 1e3 / (double)elapsed_ns
			       : 0,
		    2);
	kb_jw_end(&w);
	/* members only: the caller has the braces */
	out->len--;
	memmove(out->ptr + from, out->ptr + from + 1, out->len - from - 1);
	out->len--;
}
