/* Frames: what was packed is read again, however often, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka.h needs the four above. */
#include <cmocka.h>

#include "store/frames.h"

#define LINES 4000
#define FRAME 40 /* lines */

struct store {
	struct kb_buf raw, packed, dict;
	struct kb_frame_ref refs[LINES / FRAME + 1];
	size_t n;
};

static void fill(struct store *s)
{
	size_t sizes[LINES];
	struct kb_frames_out *out;

	kb_buf_init(&s->raw, 0);
	kb_buf_init(&s->packed, 0);
	kb_buf_init(&s->dict, 0);
	s->n = 0;
	for (unsigned i = 0; i < LINES; i++) {
		size_t before = s->raw.len;
		char line[160];

		snprintf(line, sizeof(line),
			 "order %u of customer %u: 退货 within %u days, "
			 "shipping by carrier %u, see policy R-%u\n",
			 i * 7919u % 10007u, i * 31u % 977u, i % 30u, i % 5u,
			 i % 211u);
		kb_buf_add_str(&s->raw, (struct kb_str){line, strlen(line)});
		sizes[i] = s->raw.len - before;
	}
	kb_frames_train(&s->dict, s->raw.ptr, sizes, LINES);
	assert_true(s->dict.len > 0);
	out = kb_frames_out_new(s->dict.ptr, s->dict.len);
	for (size_t i = 0, from = 0; i < LINES; i += FRAME) {
		size_t len = 0;

		for (size_t j = i; j < i + FRAME; j++)
			len += sizes[j];
		s->refs[s->n++] = (struct kb_frame_ref){s->packed.len, from};
		kb_frames_pack(out, s->raw.ptr + from, len, &s->packed);
		from += len;
	}
	s->refs[s->n] = (struct kb_frame_ref){s->packed.len, s->raw.len};
	kb_frames_out_free(out);
}

static void empty(struct store *s)
{
	kb_buf_release(&s->raw);
	kb_buf_release(&s->packed);
	kb_buf_release(&s->dict);
}

static void open_store(struct kb_frames *f, const struct store *s)
{
	assert_int_equal(kb_frames_open(f, s->packed.ptr, s->packed.len,
					s->refs,
					(s->n + 1) * sizeof(s->refs[0]),
					s->dict.ptr, s->dict.len, NULL),
			 0);
}

/* A decoder changes how it works after some frames: go far beyond. */
static void every_span_is_read_as_it_was_packed(void **state)
{
	static struct store s;
	struct kb_frames f;
	struct kb_arena arena;

	(void)state;
	fill(&s);
	open_store(&f, &s);
	kb_arena_init(&arena);
	for (int round = 0; round < 4; round++)
		for (size_t at = 0; at + 5000 < s.raw.len; at += 1777) {
			struct kb_frames_reader r = {.frames = &f,
						     .arena = &arena};
			size_t len = 1 + at % 5000; /* up to two frames */
			struct kb_str got;

			assert_int_equal(
			    kb_frames_read(&r, at, len, &got, NULL), 0);
			assert_int_equal(got.len, len);
			assert_memory_equal(got.ptr, s.raw.ptr + at, len);
			kb_arena_reset(&arena);
		}
	kb_arena_release(&arena);
	kb_frames_close(&f);
	empty(&s);
}

static void a_flipped_bit_is_refused_by_every_decoder(void **state)
{
	static struct store s;
	struct kb_frames f;
	struct kb_arena arena;
	struct kb_str got;
	size_t bad = 0;

	(void)state;
	fill(&s);
	s.packed.ptr[s.refs[3].packed + 20] ^= 4;
	open_store(&f, &s);
	kb_arena_init(&arena);
	for (int round = 0; round < 300; round++) {
		struct kb_frames_reader r = {.frames = &f, .arena = &arena};
		struct kb_err err = {0};
		size_t no = round % 2 ? 3 : 4;
		int rc = kb_frames_read(&r, s.refs[no].raw, 100, &got, &err);

		assert_int_equal(rc < 0, no == 3);
		bad += rc < 0;
		kb_arena_reset(&arena);
	}
	assert_int_equal(bad, 150);
	kb_arena_release(&arena);
	kb_frames_close(&f);
	empty(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_span_is_read_as_it_was_packed),
	    cmocka_unit_test(a_flipped_bit_is_refused_by_every_decoder),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
