/* kb-embed: vectors of texts by a model in the process. See the page. */
#include <stdatomic.h>
#include <stdio.h>

#include "cli/common.h"
#include "cli/output.h"
#include "cli/run.h"
#include "encoder/embed_record.h"
#include "encoder/import.h"
#include "encoder/model_info.h"
#include "encoder/model_path.h"

static struct {
	struct kb_import_options import;
	const char *from, *model;
	uint64_t max_tokens, heads;
	bool info, list, rerank;
} o = {.import.pooling = -1};

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "centre", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.import.centre,
	 .help = "lines to centre an imported .kbm by language"},
	{.name = "heads", .arg = "N", .type = KB_OPT_COUNT, .to = &o.heads,
	 .min = 1, .max = KB_ENCODER_HIDDEN,
	 .help = "of attention, where the files do not say"},
	{.name = "import", .arg = "FILE", .type = KB_OPT_STRING, .writes = true,
	 .to = &o.from,
	 .help = "make the model -o of another's file or directory"},
	{.name = "info", .type = KB_OPT_FLAG, .to = &o.info,
	 .help = "check the model -m and print what it is"},
	{.name = "language", .arg = "CODE", .type = KB_OPT_STRING,
	 .to = &o.import.language,
	 .help = "of an imported model, such as zh"},
	{.name = "licence", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.import.licence,
	 .help = "of an imported model"},
	{.name = "list", .type = KB_OPT_FLAG, .to = &o.list,
	 .help = "print which models are there"},
	{.name = "max-tokens", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.max_tokens, .min = 3, .max = KB_ENCODER_POSITIONS,
	 .help = "of a text, for an imported model (its positions)"},
	{.letter = 'm', .name = "model", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.model,
	 .help = "the model, or its file"},
	{.name = "passage-prefix", .arg = "TEXT", .type = KB_OPT_STRING,
	 .to = &o.import.passage_prefix,
	 .help = "that an imported model wants before passages"},
	{.name = "pooling", .arg = "WHAT", .type = KB_OPT_CHOICE,
	 .to = &o.import.pooling, .choices = "cls|mean",
	 .help = "of tokens to a vector, if the files do not say"},
	{.name = "query-prefix", .arg = "TEXT", .type = KB_OPT_STRING,
	 .to = &o.import.query_prefix,
	 .help = "that an imported model wants before questions"},
	{.name = "rerank", .type = KB_OPT_FLAG, .to = &o.rerank,
	 .help = "scores of hits in hits[].legs.rerank"},
	{.name = "source", .arg = "TEXT", .type = KB_OPT_STRING,
	 .to = &o.import.source,
	 .help = "where an imported model is from"},
};
/* clang-format on */

static struct kb_arena arena;
static struct kb_encoder *encoder;
static struct kb_str name;
static atomic_size_t n_texts, n_cut;

static int run_import(struct kb_err *err)
{
	const char *to = kb_common.output;

	if (!to || kb_str_is(kb_str_of(to), "-"))
		return kb_err_set(err, KB_EINVAL,
				  "--import writes a file; name it with -o");
	o.import.max_tokens = (size_t)o.max_tokens;
	o.import.heads = (size_t)o.heads;
	return kb_import(o.from, to, &o.import, err);
}

/* Print what is asked for about models. */
static int run_look(const char *path, struct kb_err *err)
{
	struct kb_buf out;
	int rc = 0;

	kb_buf_init(&out, 0);
	if (o.list)
		kb_model_list(&out);
	else
		rc = kb_model_info(path, &out, err);
	if (!rc && out.len)
		rc = kb_output_print(NULL, kb_buf_str(&out), err);
	kb_buf_release(&out);
	return rc;
}

static int open_model(int n, char **operands, const char **line,
		      struct kb_err *err)
{
	const char *path = NULL;
	int rc = 0;

	(void)n;
	(void)operands;
	(void)line;
	kb_arena_init(&arena);
	if ((o.from != NULL) + o.list + o.info > 1)
		return kb_err_set(err, KB_EINVAL,
				  "--import, --info and --list exclude each "
				  "other");
	if (!o.from && !o.list && !o.model)
		return kb_err_set(err, KB_EINVAL,
				  "which model? name it with -m; kb-embed "
				  "--list shows what is there");
	if (!o.from && !o.list)
		rc = kb_model_resolve(o.model, &arena, &path, err);
	if (!rc && o.from)
		rc = run_import(err);
	else if (!rc && (o.list || o.info))
		rc = run_look(path, err);
	else if (!rc) {
		name = kb_model_name(path);
		rc = kb_encoder_open(&encoder, path, err);
		if (!rc && (rc = kb_encoder_check(encoder, o.rerank, err)))
			kb_err_place(err, "'%s'", o.model);
		return rc;
	}
	return rc ? rc : KB_OPEN_DONE;
}

static void close_model(void)
{
	char note[120];

	snprintf(note, sizeof(note),
		 "of %zu texts %zu are longer than %zu tokens, and cut there",
		 n_texts, n_cut, encoder ? encoder->is.max_tokens : 0);
	if (kb_common.verbose && n_cut)
		kb_print_note("kb-embed", note);
	kb_encoder_close(encoder);
	kb_arena_release(&arena);
}

static int thread_open(void **thread, struct kb_err *err)
{
	(void)err;
	*thread = kb_encoder_work_new();
	return 0;
}

static enum kb_work work(struct kb_task *task)
{
	struct kb_embed_counts counts = {0};
	int rc = kb_embed_record(encoder, task->thread, name, &task->rec,
				 &counts, &task->err);

	n_texts += counts.texts;
	n_cut += counts.cut;
	return rc ? KB_WORK_FAILED : KB_WORK_DONE;
}

static void stats(struct kb_buf *members)
{
	kb_buf_printf(members, "\"texts\":%zu,\"texts_cut\":%zu", n_texts,
		      n_cut);
}

static const struct kb_filter filter = {
    .takes_text = true,
    .open = open_model,
    .close = close_model,
    .thread_open = thread_open,
    .thread_close = kb_encoder_work_free,
    .work = work,
    .stats = stats,
};

static const struct kb_command program = {
    .name = "kb-embed",
    .synopsis = "-m NAME [OPTION]...",
    .about = "Make vectors or scores of texts by a model in the process.",
    .shown = "import info list "
	     "max-tokens model rerank",
    .examples = "  kb-embed -m bge-small-zh < texts.jsonl\n"
		"  kb-embed --import bge-small-zh/ -o my.kbm\n",
    .options = options,
    .n_options = KB_OPT_N(options),
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
