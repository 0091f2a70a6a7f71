#include "base/utf16.h"

#include <assert.h>

#include "base/utf8.h"

static size_t put_unit(struct kb_utf16 *state, uint32_t unit, char *to)
{
	uint32_t high = state->high;
	size_t n = 0;

	state->high = 0;
	if (unit >= 0xdc00 && unit < 0xe000 && high)
		return kb_utf8_encode(to, 0x10000 + ((high & 0x3ff) << 10) +
					      (unit & 0x3ff));
	if (high)
		n = kb_utf8_encode(to, 0xfffd);
	if (unit >= 0xd800 && unit < 0xdc00) {
		state->high = unit;
		return n;
	}
	if (unit >= 0xdc00 && unit < 0xe000)
		unit = 0xfffd;
	return n + kb_utf8_encode(to + n, unit);
}

size_t kb_utf16_convert(struct kb_utf16 *state, const void *bytes, size_t n,
			char *to)
{
	const unsigned char *p = bytes;
	size_t done = 0;

	assert(state->n_held <= 1);
	assert(bytes || !n);
	for (size_t i = 0; i < n; i++) {
		if (!state->n_held) {
			state->held = p[i];
			state->n_held = 1;
			continue;
		}
		state->n_held = 0;
		done += put_unit(state,
				 state->big ? (uint32_t)state->held << 8 | p[i]
					    : (uint32_t)p[i] << 8 | state->held,
				 to + done);
	}
	return done;
}
