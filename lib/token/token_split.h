/*
 * Where a byte-pair tokenizer cuts text before it merges: the regular
 * expressions of the models' tokenizers, as code.
 *
 * A piece is never empty and the pieces of a text are the whole text. Broken
 * UTF-8 is cut as characters that are no letter, number, mark or space. Time
 * is linear in the bytes. tests/unit/test_token_split.c holds each rule to its
 * pattern.
 */
#ifndef KB_TOKEN_TOKEN_SPLIT_H
#define KB_TOKEN_TOKEN_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kb_split_rule {
	/*
	 * gpt-4o and later:
	 * [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*
	 *     [\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|
	 * [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+
	 *     [\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|
	 * \p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
	 */
	KB_SPLIT_O200K,
	/*
	 * gpt-4, gpt-3.5:
	 * '(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|
	 *  ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s
	 */
	KB_SPLIT_CL100K,
	/*
	 * Llama 3:
	 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
	 *  ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
	 */
	KB_SPLIT_LLAMA3,
	/* Qwen 2, 2.5, 3: the same with \p{N} in the place of \p{N}{1,3} */
	KB_SPLIT_QWEN2,
	/*
	 * GPT-2:
	 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|
	 * \s+(?!\S)|\s+
	 */
	KB_SPLIT_GPT2,
	/*
	 * DeepSeek V3, one cut after the other: \p{N}{1,3};
	 * [\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+;
	 * [!-/:-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|
	 *  ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
	 */
	KB_SPLIT_DEEPSEEK,
	KB_SPLIT_RULES
};

/* The end of the piece that begins at 'at' < len. */
size_t kb_token_split(enum kb_split_rule rule, const char *text, size_t len,
		      size_t at);

#endif
