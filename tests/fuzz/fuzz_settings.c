/*
 * The settings of an index, in its manifest or in a dump (then a second line
 * holds the words): whatever they are, what a search takes is within its
 * bounds, and a new index that takes them over stays one that can be written.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "../unit/index_dir.h"
#include "index/write/writer_legs.h"
#include "search/search_base.h"

#include "null_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct index_dir dir;

static void clean_up(void)
{
	index_dir_remove(&dir);
}

static void within(float x, float most)
{
	if (!(x >= 0 && x <= most))
		abort();
}

/* What is written reads back as the same. */
static void write_and_read(const struct kb_settings *settings)
{
	struct kb_settings again;
	struct kb_buf a, b;

	kb_buf_init(&a, 0);
	kb_buf_init(&b, 0);
	kb_settings_init(&again);
	kb_settings_write(settings, &a);
	kb_settings_parse(&again, kb_buf_str(&a));
	kb_settings_write(&again, &b);
	if (!kb_str_eq(kb_buf_str(&a), kb_buf_str(&b)) ||
	    memchr(a.ptr, '\n', a.len))
		abort();
	kb_settings_release(&again);
	kb_buf_release(&a);
	kb_buf_release(&b);
}

static void search(struct kb_str text)
{
	static struct kb_base base;
	struct kb_settings settings;

	kb_settings_init(&settings);
	kb_settings_parse(&settings, text);
	write_and_read(&settings);
	base.lexical = kb_lex_defaults;
	kb_base_tune(&base, &settings.search);
	within(base.lexical.k1, 100);
	within(base.lexical.b, 1);
	for (size_t i = 0; i < KB_LEGS; i++)
		within(base.weights[i], 100);
	for (size_t i = 0; i < KB_FIT_FEATURES; i++)
		within(base.fit[i], 100);
	for (size_t n = 0; n < 100; n += 9)
		if (!isfinite(kb_null_rise(&settings.null, n, 0.5)))
			abort();
	kb_settings_release(&settings);
}

/* A document goes into a new index that was given them. */
static void adopt(struct kb_json settings, struct kb_json words,
		  struct kb_arena *arena)
{
	struct kb_io io = {&null_io_ops, dir.path, -1};
	const struct kb_writer_options opt = {.io = &io, .single_thread = true};
	struct kb_legs legs = {0};
	struct kb_writer *w;
	struct kb_json all;
	struct kb_buf now;

	if (kb_writer_open(&w, dir.path, &opt, NULL) ||
	    kb_legs_join(&legs, w, NULL, NULL))
		abort();
	kb_writer_adopt(w, settings, words, arena, NULL);
	kb_buf_init(&now, 0);
	kb_settings_write(kb_writer_settings(w), &now);
	if (memchr(now.ptr, '\n', now.len) ||
	    kb_json_check(now.ptr, now.len, &all, NULL) ||
	    all.type != KB_JSON_OBJECT || index_dir_put(w, 1, 1, NULL))
		abort();
	kb_buf_release(&now);
	kb_writer_close(w);
	kb_legs_release(&legs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str settings = {size ? (const char *)data : "", size}, words;
	const char *nl = memchr(settings.ptr, '\n', size);
	struct kb_json all = {KB_JSON_NONE, NULL, 0}, list = all;
	struct kb_arena arena;

	if (!dir.path[0]) {
		index_dir_make(&dir);
		atexit(clean_up);
	}
	if (nl)
		settings.len = (size_t)(nl - settings.ptr);
	words =
	    (struct kb_str){settings.ptr + settings.len, size - settings.len};
	search(settings);
	kb_json_check(words.ptr, words.len, &list, NULL);
	kb_arena_init(&arena);
	if (!kb_json_check(settings.ptr, settings.len, &all, NULL))
		adopt(all, list, &arena);
	kb_arena_release(&arena);
	return 0;
}
