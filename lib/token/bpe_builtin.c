#include "token/bpe_builtin.h"

#include <assert.h>

#include "token/bpe_image.h"

/* The build says where the tables are: KB_TOKEN_TABLES. */
#define STRING(x) #x
#define ALIGN(n)  ".balign " STRING(n) "\n"
#define LINK(name)                                               \
	__asm__(".section .rodata.kb_token,\"a\"\n" ALIGN(       \
	    64) "token_" name ":\n"                              \
		".incbin \"" KB_TOKEN_TABLES "/" name ".bpe\"\n" \
		".previous\n")

LINK("o200k_base");
LINK("cl100k_base");

extern const char o200k[] __asm__("token_o200k_base")
    __attribute__((visibility("hidden")));
extern const char cl100k[] __asm__("token_cl100k_base")
    __attribute__((visibility("hidden")));

_Static_assert(KB_BPE_IMAGE_ALIGN == 64, "as above");

void kb_bpe_builtin(enum kb_split_rule rule, struct kb_bpe *bpe)
{
	assert(rule == KB_SPLIT_O200K || rule == KB_SPLIT_CL100K);
	kb_bpe_image_open(rule == KB_SPLIT_O200K ? o200k : cl100k, bpe);
}
