#include "llm/answer_delta.h"

#include "record/error_member.h"
#include "record/members.h"
#include "json/write.h"

void kb_delta_text(struct kb_str id, struct kb_str text, kb_delta_put *put)
{
	struct kb_buf line;
	struct kb_jw w;

	kb_buf_init(&line, 0);
	kb_jw_init(&w, &line);
	kb_jw_obj(&w);
	kb_jw_key(&w, "id");
	kb_jw_str(&w, id);
	kb_jw_key(&w, "delta");
	kb_jw_str(&w, text);
	if (!text.len) {
		kb_jw_key(&w, "restart");
		kb_jw_bool(&w, true);
	}
	kb_jw_end(&w);
	kb_buf_add_char(&line, '\n');
	put(kb_buf_str(&line));
	kb_buf_release(&line);
}

void kb_delta_answer(struct kb_str id, const struct kb_rec *rec,
		     kb_delta_put *put)
{
	struct kb_str text;

	if (!kb_error_is_set(rec) && kb_answer_text(rec, &text) && text.len)
		kb_delta_text(id, text, put);
}
