/*
 * A record and its class: the text that is looked at, the label that it
 * brings, the member 'class' that it gets.
 */
#ifndef KB_CLASSIFY_CLASS_RECORD_H
#define KB_CLASSIFY_CLASS_RECORD_H

#include "classify/class_score.h"
#include "json/rec.h"

/*
 * The text: the member of that name; without a name 'text', else the question
 * (record/question.h). KB_EINVAL: there is none, or it is no string.
 */
int kb_class_text_read(const struct kb_rec *rec, struct kb_arena *arena,
		       const char *member, struct kb_str *out,
		       struct kb_err *err);

/*
 * The label: the member of that name; without a name 'label', else gold.class.
 * A number or a truth value is its spelling. KB_EINVAL: there is none, or it is
 * something else.
 */
int kb_class_label_read(const struct kb_rec *rec, struct kb_arena *arena,
			const char *member, struct kb_str *out,
			struct kb_err *err);

/* The name of what was decided; 'other' for none of the columns. */
struct kb_str kb_class_name(const struct kb_class_model *model, uint32_t column,
			    struct kb_str other);

/* Set 'class'. */
void kb_class_set(struct kb_rec *rec, struct kb_arena *arena,
		  const struct kb_class_model *model,
		  const struct kb_class_label *label, struct kb_str other,
		  struct kb_buf *scratch);

/* A record with its class as a line: label, score and text; or with tabs, tsv:
 * id, label, score, margin and runner-up. */
void kb_class_line(const struct kb_rec *rec, const char *member,
		   struct kb_str id, bool tsv, struct kb_buf *out);

#endif
