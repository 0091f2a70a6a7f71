#include "classify/class_record.h"

#include "record/question.h"
#include "json/write.h"

int kb_class_text_read(const struct kb_rec *rec, struct kb_arena *arena,
		       const char *member, struct kb_str *out,
		       struct kb_err *err)
{
	struct kb_json value = kb_rec_get(rec, member ? member : "text");
	struct kb_question question;
	int rc;

	if (kb_json_str(value, arena, out))
		return 0;
	if (member || value.type > KB_JSON_NULL)
		return kb_err_set(err, KB_EINVAL, "%s string member '%s'",
				  value.type > KB_JSON_NULL ? "not a" : "no",
				  member ? member : "text");
	rc = kb_question_read(rec, arena, &question, err);
	if (!rc && question.source == KB_QUESTION_NONE)
		rc = kb_err_set(err, KB_EINVAL,
				"no 'text' and no question to classify");
	*out = question.text;
	return rc;
}

int kb_class_label_read(const struct kb_rec *rec, struct kb_arena *arena,
			const char *member, struct kb_str *out,
			struct kb_err *err)
{
	struct kb_json value = kb_rec_get(rec, member ? member : "label");
	const char *name = member ? member : "label";

	if (!member && value.type <= KB_JSON_NULL)
		value = kb_json_get(kb_rec_get(rec, "gold"), "class");
	if (kb_json_str(value, arena, out))
		return 0;
	if (value.type == KB_JSON_NUMBER || value.type == KB_JSON_TRUE ||
	    value.type == KB_JSON_FALSE) {
		*out = (struct kb_str){value.ptr, value.len};
		return 0;
	}
	if (value.type <= KB_JSON_NULL)
		return kb_err_set(
		    err, KB_EINVAL, "no label: member '%s'%s", name,
		    member ? " is missing" : " and gold.class are missing");
	return kb_err_set(err, KB_EINVAL,
			  "'%s' is an array or an object; a label is a string",
			  name);
}

struct kb_str kb_class_name(const struct kb_class_model *model, uint32_t column,
			    struct kb_str other)
{
	return column == KB_CLASS_NONE ? other : model->about.labels[column];
}

void kb_class_set(struct kb_rec *rec, struct kb_arena *arena,
		  const struct kb_class_model *model,
		  const struct kb_class_label *label, struct kb_str other,
		  struct kb_buf *scratch)
{
	struct kb_jw w;

	kb_buf_reset(scratch);
	kb_jw_init(&w, scratch);
	kb_jw_obj(&w);
	kb_jw_key(&w, "label");
	kb_jw_str(&w, kb_class_name(model, label->column, other));
	kb_jw_key(&w, "score");
	kb_jw_fixed(&w, label->score, 4);
	kb_jw_key(&w, "margin");
	kb_jw_fixed(&w, label->margin, 4);
	if (label->runner_up != KB_CLASS_NONE) {
		kb_jw_key(&w, "runner_up");
		kb_jw_str(&w, model->about.labels[label->runner_up]);
	}
	kb_jw_end(&w);
	kb_rec_set(rec, "class", kb_arena_copy(arena, kb_buf_str(scratch)));
}

/* A part of a line: nothing in it ends the part or the line. */
static void add_part(struct kb_buf *out, struct kb_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		kb_buf_add_char(out,
				c == '\t' || c == '\n' || c == '\r' ? ' ' : c);
	}
}

static void add_value(struct kb_buf *out, struct kb_json value,
		      struct kb_arena *arena)
{
	struct kb_str text = {value.ptr, value.len};

	kb_json_str(value, arena, &text);
	if (value.type != KB_JSON_NONE)
		add_part(out, text);
}

void kb_class_line(const struct kb_rec *rec, const char *member,
		   struct kb_str id, bool tsv, struct kb_buf *out)
{
	static const char *const names[] = {"label", "score", "margin",
					    "runner_up"};
	struct kb_json class = kb_rec_get(rec, "class");
	struct kb_str text = {NULL, 0};

	if (tsv)
		add_part(out, id);
	for (size_t i = 0; i < (tsv ? 4 : 2); i++) {
		if (tsv || i)
			kb_buf_add_char(out, '\t');
		add_value(out, kb_json_get(class, names[i]), rec->arena);
	}
	if (!tsv && !kb_class_text_read(rec, rec->arena, member, &text, NULL)) {
		kb_buf_add_char(out, '\t');
		add_part(out, text);
	}
	kb_buf_add_char(out, '\n');
}
