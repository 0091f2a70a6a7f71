/*
 * Helpers for tests that build an index: a directory of their own, and
 * documents from a table.
 */
#ifndef KB_TESTS_INDEX_DIR_H
#define KB_TESTS_INDEX_DIR_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "index/write/writer.h"

struct index_dir {
	char path[64];
};

static inline void index_dir_make(struct index_dir *d)
{
	snprintf(d->path, sizeof(d->path), "/tmp/kb-test-XXXXXX");
	if (!mkdtemp(d->path))
		abort();
}

static inline void index_dir_remove(const struct index_dir *d)
{
	DIR *dir = opendir(d->path);
	struct dirent *e;
	char name[400];

	while (dir && (e = readdir(dir))) {
		snprintf(name, sizeof(name), "%s/%s", d->path, e->d_name);
		unlink(name);
	}
	if (dir)
		closedir(dir);
	rmdir(d->path);
}

/* Words drawn by a small generator, Chinese and English mixed. */
static inline void index_dir_text(unsigned seed, char *dst, size_t size)
{
	static const char *const words[] = {
	    "return", "退货", "price", "价格",	 "iPhone15", "发票",
	    "ship",   "快递", "order", "订单",	 "member",   "会员",
	    "cotton", "棉",   "blue",  "蓝色的", "SKU-12",   "保修期",
	};
	uint64_t x = seed * 0x9e3779b97f4a7c15u + 1;
	size_t at = 0;

	dst[0] = '\0';
	for (unsigned i = 0; i < 12 + seed % 9 && at + 32 < size; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		at += (size_t)snprintf(dst + at, size - at, "%s %u ",
				       words[x % 18], (unsigned)(x >> 60));
	}
}

/* One document "d<id>" with text of a seed. */
static inline int index_dir_put(struct kb_writer *w, unsigned id, unsigned seed,
				struct kb_err *err)
{
	char name[16], text[1024], meta[64];
	struct kb_writer_doc doc = {0};

	snprintf(name, sizeof(name), "d%u", id);
	snprintf(meta, sizeof(meta), "{\"lang\":\"%s\",\"price\":%u}",
		 seed % 2 ? "zh" : "en", seed);
	index_dir_text(seed, text, sizeof(text));
	doc.id = kb_str_of(name);
	doc.title = KB_STR("Title 标题");
	doc.text = kb_str_of(text);
	doc.meta = kb_str_of(meta);
	return kb_writer_put(w, &doc, err);
}

#endif
