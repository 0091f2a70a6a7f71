#include "encoder/encoder_kernel.h"

#include <stdatomic.h>

#include "base/simd.h"

static const struct kb_encoder_kernel *const kernels[] = {
    [KB_ENCODER_PLAIN] = &kb_encoder_plain,
#if defined(__x86_64__)
    [KB_ENCODER_AVX2] = &kb_encoder_avx2,
    [KB_ENCODER_AVX512] = &kb_encoder_avx512,
#endif
};

static enum kb_encoder_isa best(void)
{
#if defined(__x86_64__)
	__builtin_cpu_init();
	if (kb_cpu_has_avx512() && __builtin_cpu_supports("avx512vnni"))
		return KB_ENCODER_AVX512;
	if (kb_cpu_has_avx2())
		return KB_ENCODER_AVX2;
#endif
	return KB_ENCODER_PLAIN;
}

/* -1 until the first use; threads that race write the same value. */
static _Atomic int chosen = -1;

const struct kb_encoder_kernel *kb_encoder_kernel(void)
{
	int isa = chosen;

	if (isa < 0)
		chosen = isa = (int)best();
	return kernels[isa];
}

int kb_encoder_force(enum kb_encoder_isa isa)
{
	if (isa > best())
		return -1;
	chosen = (int)isa;
	return 0;
}
