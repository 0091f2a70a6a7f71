#include "tune/judgements.h"

#include "json/input.h"

#define LINE_MAX_SIZE ((size_t)64 << 20)

static int next_line(void *in, struct kb_str *line, struct kb_err *err)
{
	return kb_input_line(in, line, err);
}

int kb_judgements_load(struct kb_qrels *qrels, const char *path,
		       struct kb_err *err)
{
	struct kb_input in;
	int rc;

	kb_input_init(&in, &path, 1, LINE_MAX_SIZE);
	rc = kb_qrels_read(qrels, path, next_line, &in, err);
	kb_input_release(&in);
	return rc;
}
