#include "tune/judgements.h"

#include "doc/doc_input.h"

#define LINE_MAX_SIZE ((size_t)64 << 20)

static int next_line(void *in, struct kb_str *line, struct kb_err *err)
{
	return kb_doc_input_line(in, LINE_MAX_SIZE, line, err);
}

int kb_judgements_load(struct kb_qrels *qrels, const char *path,
		       struct kb_err *err)
{
	struct kb_doc_input in;
	int rc = kb_doc_input_open(&in, -1, path, path, err);

	if (rc < 0)
		return rc;
	rc = kb_qrels_read(qrels, path, next_line, &in, err);
	kb_doc_input_close(&in);
	return rc;
}
