/*
 * Hugging Face's tokenizer.json, as far as it says byte-level byte-pair
 * encoding: Qwen, Llama 3, DeepSeek, GPT-2 and what is made like them.
 *
 * Understood are a model of type BPE over the byte-level alphabet (with
 * ignore_merges or not), no normalizer or NFC, and the patterns of
 * token_split.h as pre_tokenizer. Whatever else changes how text is cut
 * (another pattern, a prefix, byte_fallback, dropout) is refused by its name.
 * Added and special tokens are not looked for: what text holds is text.
 */
#ifndef KB_TOKEN_TOKENIZER_JSON_H
#define KB_TOKEN_TOKENIZER_JSON_H

#include "token/bpe_build.h"
#include "json/rec.h"

/* Build from what kb_json_check() gave of a file; *nfc: text has to be brought
 * to normal form C before it is cut. KB_EFORMAT says what is not understood. */
int kb_tokenizer_json_read(struct kb_bpe_owned *owned, bool *nfc,
			   struct kb_json file, struct kb_err *err);

#endif
