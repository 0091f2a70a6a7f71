/*
 * Personal data in a text: what names or reaches a person.
 *
 * Mobile numbers of China, with +86 or without; numbers with another country's
 * code, and of North America as they are written there; e-mail addresses; ID
 * cards of China (GB 11643-1999, checksum) and bank cards (known issuers,
 * Luhn); addresses with a house number, Chinese and English; names of a
 * gazetteer. Codes of orders, landlines, service numbers and hosts are none.
 */
#ifndef KB_MASK_PERSONAL_H
#define KB_MASK_PERSONAL_H

#include "gazetteer/gazetteer.h"

enum kb_personal_kind {
	KB_PERSONAL_PHONE,
	KB_PERSONAL_ID_CARD,
	KB_PERSONAL_BANK_CARD,
	KB_PERSONAL_EMAIL,
	KB_PERSONAL_ADDRESS,
	KB_PERSONAL_NAME,
	KB_PERSONAL_KINDS,
};

/* "PHONE", "ID_CARD", ... */
const char *kb_personal_name(enum kb_personal_kind kind);

struct kb_personal {
	size_t start, end; /* bytes of the text */
	enum kb_personal_kind kind;
};

/* Zero it before the first use. */
struct kb_personals {
	struct kb_personal *items;
	size_t n, cap;
};

/* What the text holds, in order, without overlap; an earlier list is replaced.
 * names: NULL for none. */
void kb_personals_find(struct kb_personals *out, struct kb_str text,
		       const struct kb_gazetteer *names);
void kb_personals_release(struct kb_personals *p);

#endif
