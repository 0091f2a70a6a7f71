/*
 * The order of terms: a bijection from keys (top bit 0) to numbers whose top
 * bits are spread evenly, for the dictionary and the inverter's table.
 *
 * Nearly all terms of Chinese text are Han terms of the basic plane, which
 * make 32 bits. They are mixed among themselves and fill the upper half of
 * the number, the lower being 0 (narrow); all others are mixed in 63 bits,
 * and the lowest bit is set (wide). So a narrow term takes little room.
 */
#ifndef KB_POSTING_TERM_ORDER_H
#define KB_POSTING_TERM_ORDER_H

#include "text/analyze.h"

#define KB_MIX_MASK (UINT64_MAX >> 1)

/* Of 32 bits: a mixer of low bias found by Chris Wellons' hash-prospector;
 * of 63: the finaliser of SplitMix64, its products cut. */
static inline uint64_t kb_dict_mix(uint64_t key)
{
	uint64_t first = key >> 24 & 0xffffff, second = key & 0xffffff;

	if (first < 0x10000 && second < 0x10000 &&
	    key >> 48 == (first ? KB_TERM_HAN2 << 12 : KB_TERM_HAN1 << 12)) {
		uint32_t x = (uint32_t)(first << 16 | second);

		x = (x ^ x >> 16) * 0x7feb352du;
		x = (x ^ x >> 15) * 0x846ca68bu;
		return (uint64_t)(x ^ x >> 16) << 32;
	}
	key &= KB_MIX_MASK;
	key = (key ^ key >> 30) * 0xbf58476d1ce4e5b9u & KB_MIX_MASK;
	key = (key ^ key >> 27) * 0x94d049bb133111ebu & KB_MIX_MASK;
	return (key ^ key >> 31) << 1 | 1;
}

/* Its inverse. */
uint64_t kb_dict_unmix(uint64_t mixed);

#endif
