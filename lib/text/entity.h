/*
 * Entities that their spelling gives away, found by patterns and checksums:
 * no dictionary and no model. Chinese names of persons and places are not
 * among them; 《》 and quotations are.
 */
#ifndef KB_TEXT_ENTITY_H
#define KB_TEXT_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kb_entity_kind {
	KB_ENTITY_NAME,	  /* capitalised run: Bank of America, iPhone 15 Pro */
	KB_ENTITY_CODE,	  /* letters and digits: SKU-12345, iPhone15 */
	KB_ENTITY_NUMBER, /* eight digits and more: an order, an account */
	KB_ENTITY_QUOTE,  /* “…” 「…」 "…": what is inside */
	KB_ENTITY_TITLE,  /* 《…》: what is inside */
	KB_ENTITY_EMAIL,
	KB_ENTITY_URL,
	KB_ENTITY_PHONE,     /* mobile number of mainland China */
	KB_ENTITY_ID_CARD,   /* of mainland China, checksum right */
	KB_ENTITY_BANK_CARD, /* 16 to 19 digits, Luhn checksum right */
};

struct kb_entity {
	uint32_t start, end; /* bytes of the text */
	unsigned char kind;  /* enum kb_entity_kind */
	bool weak; /* a single capitalised word that opens a sentence */
};

struct kb_entities {
	struct kb_entity *items;
	size_t n, cap;
};

/* Append the entities of the text, in order and without overlap. */
void kb_entities_find(struct kb_entities *out, const char *text, size_t len);
void kb_entities_release(struct kb_entities *e);

/* Checksums over ASCII digits: Luhn (ISO/IEC 7812-1), and GB 11643-1999 over
 * 17 digits and a last digit or X. */
bool kb_luhn_valid(const char *digits, size_t n);
bool kb_id_card_valid(const char *text, size_t n);

#endif
