/*
 * The inner loops of vector search, in AVX-512, AVX2 and plain C.
 *
 * The fastest that the processor has is chosen at the first call. All work
 * on integers and give identical results; the test compares them.
 */
#ifndef KB_VECTOR_CODE_SCAN_H
#define KB_VECTOR_CODE_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define KB_SCAN_BLOCK 32 /* vectors in a block of codes */

enum kb_scan_isa {
	KB_SCAN_PLAIN,
	KB_SCAN_AVX2,
	KB_SCAN_AVX512, /* F, BW and VNNI */
};

/* The best of this processor. */
enum kb_scan_isa kb_scan_isa(void);

/* Use another one (tests, benches); refused (-1) when it is not there. */
int kb_scan_force(enum kb_scan_isa isa);

/*
 * out[0] = sum hi[i] * x[i], out[1] = sum lo[i] * x[i]; n a multiple of 64,
 * at most 4096; no value is -128.
 */
void kb_scan_dot2(const int8_t *hi, const int8_t *lo, const int8_t *x, size_t n,
		  int32_t out[2]);

/*
 * Sums of table entries for a block of 32 vectors of 4-bit groups.
 *
 * codes holds for each group g 16 bytes: byte i is the group's value of
 * vector i in the low and of vector i + 16 in the high half. table holds 16
 * bytes a group. sums[v] = sum over g of table[g][value of v in g]. groups
 * is a multiple of 16, at most 1024; entries are at most 60. (The layout is
 * that of "quick ADC", Andre, Kermarrec, Le Scouarnec 2017.)
 */
void kb_scan_block(const unsigned char *codes, const unsigned char *table,
		   size_t groups, uint32_t sums[KB_SCAN_BLOCK]);

/* Bit v is set where (sums[v] - base) * factors[v] > floor. */
uint32_t kb_scan_above(const uint32_t sums[KB_SCAN_BLOCK], float base,
		       const float *factors, float floor);

#endif
