/*
 * Records of tables: a row of CSV or TSV becomes an object of its fields.
 */
#include "cli/loop.h"

bool kb_loop_is_table(const struct kb_loop *loop)
{
	return loop->form == KB_FORM_CSV || loop->form == KB_FORM_TSV;
}

int kb_loop_wrap_row(struct kb_loop *loop, struct kb_task *task,
		    struct kb_str *line, struct kb_err *err)
{
	struct kb_buf *buf = &loop->scratch;
	int rc;

	if (kb_is_gb18030(*line))
		return kb_err_set(err, KB_EINVAL, KB_INPUT_NOT_UTF8, "the row");
	kb_buf_reset(buf);
	rc = kb_csv_object(&loop->table, *line, buf, err);
	if (!rc)
		*line = kb_arena_copy(&task->arena, kb_buf_str(buf));
	return rc;
}

int kb_loop_take_head(struct kb_loop *loop, struct kb_str line, bool *taken,
		     struct kb_err *err)
{
	int rc;

	*taken = false;
	if (!kb_loop_is_table(loop) || kb_common.columns ||
	    loop->headed == loop->in.name)
		return 0;
	*taken = true;
	loop->headed = loop->in.name;
	if (kb_is_gb18030(line))
		rc = kb_err_set(err, KB_EINVAL, KB_INPUT_NOT_UTF8,
				"the row of names");
	else
		rc = kb_csv_head(&loop->table, line, err);
	return rc ? kb_input_place(&loop->in, err) : 0;
}
