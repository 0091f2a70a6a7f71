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

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__)
#define KB_WIDE \
	__attribute__((target_clones("avx2", "default"), optimize("O3")))
#else
#define KB_WIDE
#endif

#endif
