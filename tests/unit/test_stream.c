#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/stream.h"

static struct kb_err err;

static void add_gzip(struct kb_buf *out, struct kb_str text)
{
	z_stream z = {0};

	assert_true(kb_buf_reserve(out, text.len + 1000));
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + 15, 8, 0), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)text.ptr;
	z.avail_in = (unsigned)text.len;
	z.next_out = (unsigned char *)out->ptr + out->len;
	z.avail_out = (unsigned)text.len + 1000;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->len += z.total_out;
	deflateEnd(&z);
}

static void add_zstd(struct kb_buf *out, struct kb_str text)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t n;

	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	assert_true(kb_buf_reserve(out, text.len + 1000));
	n = ZSTD_compress2(c, out->ptr + out->len, text.len + 1000, text.ptr,
			   text.len);
	assert_false(ZSTD_isError(n));
	out->len += n;
	ZSTD_freeCCtx(c);
}

static void (*const packers[])(struct kb_buf *, struct kb_str) = {add_gzip,
								  add_zstd};

/* All that a file of these bytes gives, 'room' at a time. */
static int unpack(struct kb_str bytes, size_t room, struct kb_buf *out)
{
	int fd = memfd_create("stream", MFD_CLOEXEC), rc;
	struct kb_stream s;
	size_t n;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
	lseek(fd, 0, SEEK_SET);
	kb_buf_reset(out);
	kb_stream_init(&s, fd, "f");
	do {
		assert_true(kb_stream_ready(&s));
		assert_true(kb_buf_reserve(out, room));
		rc = kb_stream_read(&s, out->ptr + out->len, room, &n, &err);
		out->len += n;
	} while (!rc && n);
	if (!rc) /* the end stays the end */
		assert_int_equal(
		    kb_stream_read(&s, out->ptr, room, &n, &err) || n, 0);
	if (!rc)
		assert_int_equal(s.raw_bytes, bytes.len);
	kb_stream_release(&s);
	close(fd);
	return rc;
}

/* Text that does not fit one call, and hardly packs. */
static struct kb_str long_text(void)
{
	static char text[300000];
	uint32_t seed = 7;

	for (size_t i = 0; i < sizeof(text); i++) {
		seed = seed * 1664525 + 1013904223;
		text[i] = (char)(seed >> 24);
	}
	return (struct kb_str){text, sizeof(text)};
}

static void plain_bytes_come_as_they_are(void **state)
{
	static const char *const rows[] = {"",
					   "a",
					   "\x1f",
					   "\x28",
					   "退",
					   "\x28\xb5\x2f",
					   "\x1f\x8a\x08",
					   "\x28\xb5\x2f\xfe"};
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(
		    unpack(kb_str_of(rows[i]), KB_STREAM_ROOM, &out), 0);
		assert_true(kb_str_is(kb_buf_str(&out), rows[i]));
	}
	assert_int_equal(unpack(long_text(), 4096, &out), 0);
	assert_true(kb_str_eq(kb_buf_str(&out), long_text()));
	kb_buf_release(&out);
}

static void parts_of_packed_data_follow_one_another(void **state)
{
	const struct kb_str parts[] = {KB_STR("退货 returns\n"), KB_STR(""),
				       long_text(), KB_STR("x")};
	static const size_t rooms[] = {KB_STREAM_ROOM, 4096, 1 << 20};
	struct kb_buf packed, want, out;

	(void)state;
	kb_buf_init(&packed, 0);
	kb_buf_init(&want, 0);
	kb_buf_init(&out, 0);
	for (size_t k = 0; k < 2; k++) {
		kb_buf_reset(&packed);
		kb_buf_reset(&want);
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
			packers[k](&packed, parts[i]);
			kb_buf_add_str(&want, parts[i]);
			for (size_t r = 0; r < 3; r++) {
				assert_int_equal(
				    unpack(kb_buf_str(&packed), rooms[r], &out),
				    0);
				assert_true(kb_str_eq(kb_buf_str(&out),
						      kb_buf_str(&want)));
			}
		}
	}
	kb_buf_release(&packed);
	kb_buf_release(&want);
	kb_buf_release(&out);
}

static void a_cut_is_no_end(void **state)
{
	static const size_t magic[] = {2, 4};
	struct kb_buf packed, out;

	(void)state;
	kb_buf_init(&packed, 0);
	kb_buf_init(&out, 0);
	for (size_t k = 0; k < 2; k++) {
		kb_buf_reset(&packed);
		packers[k](&packed, KB_STR("七天无理由退货 7 days"));
		for (size_t n = magic[k]; n < packed.len; n++) {
			assert_int_equal(
			    unpack((struct kb_str){packed.ptr, n}, 64, &out),
			    KB_EFORMAT);
			assert_string_equal(err.msg,
					    "'f' ends inside compressed data");
		}
	}
	kb_buf_release(&packed);
	kb_buf_release(&out);
}

static void damage_and_what_stands_behind_are_errors(void **state)
{
	static const char *const kinds[] = {"gzip", "zstd"};
	struct kb_buf packed, out;
	char want[64];

	(void)state;
	kb_buf_init(&packed, 0);
	kb_buf_init(&out, 0);
	for (size_t k = 0; k < 2; k++) {
		kb_buf_reset(&packed);
		packers[k](&packed, KB_STR("return policy"));
		kb_buf_add_cstr(&packed, "no magic number");
		assert_int_equal(unpack(kb_buf_str(&packed), 64, &out),
				 KB_EFORMAT);
		snprintf(
		    want, sizeof(want),
		    "'f': other bytes behind the end of %s data: ", kinds[k]);
		assert_memory_equal(err.msg, want, strlen(want));
		kb_buf_reset(&packed);
		packers[k](&packed, long_text());
		packed.ptr[packed.len - 8] ^= 1;
		packed.ptr[packed.len - 3] ^= 1;
		assert_int_equal(unpack(kb_buf_str(&packed), 4096, &out),
				 KB_EFORMAT);
		snprintf(want, sizeof(want),
			 "'f': damaged %s data: ", kinds[k]);
		assert_memory_equal(err.msg, want, strlen(want));
	}
	kb_buf_release(&packed);
	kb_buf_release(&out);
}

static void on_alarm(int number)
{
	(void)number;
}

/* The first byte alone tells nothing, and no signal makes it forgotten. */
static void a_signal_loses_no_byte(void **state)
{
	const struct itimerval soon = {{0, 1000}, {0, 1000}}, never = {0};
	struct sigaction act = {.sa_handler = on_alarm}, old;
	struct kb_buf packed;
	struct kb_stream s;
	char text[64];
	int ends[2];
	size_t n;

	(void)state;
	kb_buf_init(&packed, 0);
	add_gzip(&packed, KB_STR("return"));
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], packed.ptr, 1), 1);
	kb_stream_init(&s, ends[0], "f");
	assert_true(kb_stream_ready(&s));
	sigaction(SIGALRM, &act, &old);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(kb_stream_read(&s, text, sizeof(text), &n, &err),
			 KB_ECLOSED);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &old, NULL);
	assert_false(kb_stream_ready(&s));
	assert_int_equal(write(ends[1], packed.ptr + 1, packed.len - 1),
			 packed.len - 1);
	close(ends[1]);
	assert_int_equal(kb_stream_read(&s, text, sizeof(text), &n, &err), 0);
	assert_int_equal(n, 6);
	assert_memory_equal(text, "return", 6);
	kb_stream_release(&s);
	close(ends[0]);
	kb_buf_release(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_bytes_come_as_they_are),
	    cmocka_unit_test(parts_of_packed_data_follow_one_another),
	    cmocka_unit_test(a_cut_is_no_end),
	    cmocka_unit_test(damage_and_what_stands_behind_are_errors),
	    cmocka_unit_test(a_signal_loses_no_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
