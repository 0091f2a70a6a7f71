/*
 * Addresses with a house number: "上海市浦东新区春晓路12弄5号楼602室", "12 Elm
 * Street, Apt 4, Springfield, IL 62704".
 */
#ifndef KB_MASK_ADDRESS_H
#define KB_MASK_ADDRESS_H

#include "base/str.h"

/* The next address at or behind 'at': its start, and its end in *end; text.len
 * when there is none. */
size_t kb_address_next(struct kb_str text, size_t at, size_t *end);

#endif
