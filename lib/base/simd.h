/*
 * Loops that the compiler may vectorise for a wider machine than the one
 * the tree is built for: one clone a level, chosen when the program is
 * loaded. The result must not depend on the level, so it is for loops whose
 * order of operations the vector form keeps.
 *
 * Not under the thread sanitizer, whose entry calls come before the choice
 * is relocated, and not with clang, which lacks the attribute for C here.
 */
#ifndef KB_BASE_SIMD_H
#define KB_BASE_SIMD_H

#include <stdbool.h>

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__)
#define KB_WIDE \
	__attribute__((target_clones("avx2", "default"), optimize("O3")))
#else
#define KB_WIDE
#endif

/*
 * For kernels written by hand: what they may be compiled for and the program
 * asks before it takes them.
 */
static inline bool kb_cpu_any(void)
{
	return true;
}

#if defined(__x86_64__)
static inline bool kb_cpu_has_avx2(void)
{
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") &&
	       __builtin_cpu_supports("popcnt");
}

static inline bool kb_cpu_has_avx512(void)
{
	return __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vbmi2") &&
	       __builtin_cpu_supports("popcnt");
}
#endif

#endif
