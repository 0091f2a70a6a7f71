/* The words of cohyponyms.c, with their classes. */
#ifndef KB_ANSWER_LEXICON_COHYPONYMS_TABLE_H
#define KB_ANSWER_LEXICON_COHYPONYMS_TABLE_H

#include <stdint.h>

#include "text/literals.h"

enum kb_cohyponym_class {
	CUSTOMER,
	MEMBER,
	DEVICE,
	PART,
	WIRED,
	SEAL,
	HANDLE,
	TERM,
	SIZE,
	YEAR,
	MONTH,
	WEEK,
	DAY,
	HOLIDAY,
	HOUR,
	LIGHT,
	BLINK,
	REGION,
	CHANNEL,
	SIDE,
	LOAD,
	FEE,
	VOUCHER,
	TICKET,
	ORDINAL,
	ROOM,
	MEAL,
	STAY,
	FACILITY,
	TRANSPORT,
	PET,
	CELL,
	CHANGE,
	MODE,
	LEVEL,
	SEASON,
	SEX,
	BRAND,
	FOLD,
	HOLDER,
	GOODS,
	PAYMENT,
	SPEED,
	FACE,
	FLOW,
	PORT,
	BINDING,
	INK,
	PAGE,
	WORK,
	CABIN,
	ZONE,
	LOCALITY,
	SERVE,
	DEGREE,
	SCHOOL,
	CARE,
	VISIT,
	BANK,
	TEMPERATURE,
	BILL,
	RATE,
	SAVING,
	STATE,
	DOOR,
	INJECT,
	ENGINE,
	GEAR,
	ARRIVE,
	BOARD,
	DECISION,
	FREQUENCY,
	MAIL,
	DENTAL,
	FREIGHT,
	MEMBERSHIP,
	GATE,
	PRICED,
	CLASSES,
};

struct kb_cohyponym_row {
	const char *text;
	uint8_t class, member;
};

extern const struct kb_cohyponym_row kb_cohyponym_rows[];
extern struct kb_literals kb_cohyponym_set;

#endif
