/* Write a built-in model as a file of weights, kb-weights(5): what
 * --model-file is compared with. */
#include <stdio.h>
#include <string.h>

#include "learn/model_file.h"
#include "llm/local_weights.h"
#include "search/confidence.h"
#include "verify/score.h"

int main(int argc, char **argv)
{
	const struct {
		const char *name;
		const struct kb_linear_model *model;
	} models[] = {
	    {"claim", &kb_claim_builtin},
	    {"confidence", &kb_confidence_builtin},
	    {"answer", &kb_local_answer_builtin},
	    {"judge", &kb_local_judge_builtin},
	};
	struct kb_buf out;

	kb_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(models) / sizeof(*models); i++)
		if (argc == 2 && !strcmp(argv[1], models[i].name))
			kb_model_file_write(models[i].model, &out);
	fwrite(out.ptr, 1, out.len, stdout);
	kb_buf_release(&out);
	return 0;
}
