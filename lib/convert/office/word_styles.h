/*
 * What paragraphs of a Word document are by their styles, and the numbers
 * before them (ECMA-376, part 1: 17.7 styles, 17.9 numbering).
 */
#ifndef KB_CONVERT_OFFICE_WORD_STYLES_H
#define KB_CONVERT_OFFICE_WORD_STYLES_H

#include "base/arena.h"
#include "base/map.h"
#include "convert/office/zip.h"

#define KB_WORD_LEVELS 9 /* of a list */

struct kb_word_style {
	struct kb_str based_on;
	int heading; /* 1..9, 0: none */
	int list;    /* number of its list, -1: none, 0: explicitly none */
	int level;   /* in it, from 0; -1: none */
	bool title, code;
	bool contents; /* of a table of contents */
};

struct kb_word_level {
	struct kb_str format; /* "bullet", "decimal", ... */
	struct kb_str text;   /* "%1.%2)" */
	int start;
};

struct kb_word_list {
	struct kb_word_level levels[KB_WORD_LEVELS];
	int counts[KB_WORD_LEVELS]; /* of the last item; 0: none yet */
};

struct kb_word_styles {
	struct kb_arena *arena;
	struct kb_map styles; /* hash of an id -> struct kb_word_style */
	struct kb_map forms;  /* abstract number -> struct kb_word_list */
	struct kb_map lists;  /* number -> struct kb_word_list */
};

/* What a run of text is by its own properties. */
struct kb_word_run {
	bool struck, hidden;
	const char *raised; /* "sup", "sub", or NULL */
};

void kb_word_run_property(struct kb_word_run *run, const char *name,
			  const char *value);

/* Read both parts, which may be missing; what is found lives in the arena. */
int kb_word_styles_read(struct kb_word_styles *styles, struct kb_zip *zip,
			struct kb_str directory, struct kb_arena *arena,
			struct kb_err *err);
void kb_word_styles_release(struct kb_word_styles *styles);

/* With what it is based on; an unknown style is that of plain text. */
struct kb_word_style kb_word_style_get(const struct kb_word_styles *styles,
				       struct kb_str id);
/* NULL: no such list. */
struct kb_word_list *kb_word_list_get(const struct kb_word_styles *styles,
				      int number);

/* The next item of that level: its label ("2.1.", "iii)") is appended, nothing
 * for a bullet. The count of the level, when that is all that the label holds
 * beside one dot; 0 otherwise. */
int kb_word_list_next(struct kb_word_list *list, int level, struct kb_buf *out);

#endif
