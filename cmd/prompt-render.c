/* prompt-render: a prompt for each record, from a template. See the page. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/output.h"
#include "cli/run.h"
#include "prompt/render.h"
#include "record/members.h"

static struct {
	struct kb_prompt_options prompt;
	struct kb_opt_list defines;
	const char *check, *roles, *model, *tokenizer;
	uint64_t budget;
} o;

static struct kb_prompt *prompt;
static struct kb_tokenizer *tokenizer;

/* clang-format off */
static const struct kb_opt options[] = {
	{.letter = 't', .name = "template", .arg = "FILE",
	 .type = KB_OPT_STRING, .to = &o.prompt.template,
	 .help = "template, or a name in --template-dir"},
	{.name = "template-dir", .arg = "DIR", .type = KB_OPT_STRING,
	 .to = &o.prompt.dir,
	 .help = "where names are looked up"},
	{.letter = 'b', .name = "budget", .arg = "TOKENS", .type = KB_OPT_COUNT,
	 .to = &o.budget, .min = 1, .max = 100000000,
	 .help = "drop hits, then old turns, beyond this"},
	{.letter = 'm', .name = "model", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.model,
	 .help = "the model that reads it: its tokens are counted"},
	{.name = "tokenizer", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.tokenizer,
	 .help = "o200k (default), cl100k, est, or a file"},
	{.name = "over", .arg = "WHAT", .type = KB_OPT_CHOICE,
	 .to = &o.prompt.over, .choices = "error|flag",
	 .help = "too much must stay: error or flag (error)"},
	{.name = "emit", .arg = "FORM", .type = KB_OPT_CHOICE,
	 .to = &o.prompt.emit, .choices = "messages|text",
	 .help = "write prompt.messages (default) or prompt.text"},
	{.letter = 'D', .name = "define", .arg = "NAME=TEXT",
	 .type = KB_OPT_LIST, .to = &o.defines,
	 .help = "a variable for the template; NAME:=JSON too"},
	{.name = "allow-roles", .arg = "ROLES", .type = KB_OPT_STRING,
	 .to = &o.roles,
	 .choices = "system|developer|user|assistant|tool",
	 .help = "roles a record may bring (all five)"},
	{.name = "check", .arg = "FILE", .type = KB_OPT_STRING, .to = &o.check,
	 .help = "compile a template, say what looks wrong, and end"},
};
/* clang-format on */

static int run_check(struct kb_err *err)
{
	struct kb_buf report;
	int rc;

	kb_buf_init(&report, 0);
	rc = kb_prompt_check(o.check, &report, err);
	if (rc == 0 && report.len)
		rc = kb_output_print(NULL, kb_buf_str(&report), err);
	kb_buf_release(&report);
	return rc;
}

static int open_prompt(int n_operands, char **operands, const char **line,
		       struct kb_err *err)
{
	(void)line;
	(void)n_operands;
	(void)operands;
	if (o.check)
		return run_check(err) < 0 ? err->code : KB_OPEN_DONE;
	kb_prompt_surroundings(&o.prompt);
	o.prompt.defines = o.defines.items;
	o.prompt.n_defines = o.defines.n;
	o.prompt.roles = o.roles;
	o.prompt.budget_tokens = (size_t)o.budget;
	if (kb_tokenizer_open(o.tokenizer, o.model, &tokenizer, err) < 0)
		return err->code;
	o.prompt.tokenizer = tokenizer;
	return kb_prompt_new(&o.prompt, &prompt, err);
}

static void close_prompt(void)
{
	kb_prompt_free(prompt);
	kb_tokenizer_close(tokenizer);
}

static int thread_open(void **thread, struct kb_err *err)
{
	struct kb_prompt_scratch *scratch = kb_malloc(sizeof(*scratch));

	(void)err;
	kb_prompt_scratch_init(scratch, tokenizer);
	*thread = scratch;
	return 0;
}

static void thread_close(void *thread)
{
	kb_prompt_scratch_release(thread);
	free(thread);
}

static enum kb_work work(struct kb_task *task)
{
	if (kb_record_is_answered(&task->rec))
		return KB_WORK_DONE;
	if (kb_prompt_apply(prompt, &task->rec, &task->arena, task->thread,
			    &task->err) < 0)
		return KB_WORK_FAILED;
	return KB_WORK_DONE;
}

static const struct kb_filter filter = {
    .open = open_prompt,
    .close = close_prompt,
    .thread_open = thread_open,
    .thread_close = thread_close,
    .work = work,
};

static const struct kb_command program = {
    .name = "prompt-render",
    .synopsis = "[OPTION]...",
    .about = "Make a prompt of each record's question, hits and "
	     "conversation.",
    .shown = "template budget model "
	     "emit define check",
    .examples =
	"  kb-search my.kb 'pool hours' | prompt-render | jq -r .prompt\n"
	"  prompt-render -t my.tpl -D tone=brief < found.jsonl\n",
    .options = options,
    .n_options = KB_OPT_N(options),
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
