/* text-classify: labels of texts, by a model learned from examples. */
#include "classify/class_route.h"
#include "classify/class_run.h"
#include "cli/run.h"

static struct kb_opt_list route;
static struct kb_class_setup o = {
    .other = "other", .rule = {.leaf = .5}, .wanted = 100};

enum { FORMAT_TEXT = 1, FORMAT_TSV }; /* places in .formats of predict */

/* clang-format off */
static const struct kb_opt of_train[] = {
	{.name = "flat", .type = KB_OPT_FLAG, .to = &o.flat,
	 .help = "a slash in a label is a letter like others"},
	{.name = "label", .arg = "MEMBER", .type = KB_OPT_STRING, .to = &o.label,
	 .help = "that holds the label (label, or gold.class)"},
};
static const struct kb_opt of_predict[] = {
	{.letter = 'm', .name = "model", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.model,
	 .help = "the model, as train wrote it"},
	{.name = "keep", .arg = "SHARE", .type = KB_OPT_NUMBER,
	 .to = &o.rule.keep, .max = 1,
	 .help = "of the texts of these labels; others are other"},
	{.name = "leaf", .arg = "P", .type = KB_OPT_NUMBER, .to = &o.rule.leaf,
	 .max = 1,
	 .help = "score below which a child is its parent (0.5)"},
	{.name = "other", .arg = "LABEL", .type = KB_OPT_STRING, .to = &o.other,
	 .help = "of what is none of the labels (other)"},
	{.name = "route", .arg = "LABEL=FILE", .type = KB_OPT_LIST,
	 .writes = true, .to = &route,
	 .help = "records of this label, or parent, go to FILE"},
	{.name = "threshold", .arg = "P", .type = KB_OPT_NUMBER,
	 .to = &o.rule.threshold, .max = 1,
	 .help = "score below which a text is other (0)"},
};
static const struct kb_opt of_calibrate[] = {
	{.name = "label", .arg = "MEMBER", .type = KB_OPT_STRING, .to = &o.label,
	 .help = "that holds the label (label, or gold.class)"},
	{.letter = 'm', .name = "model", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.model,
	 .help = "the model, as train wrote it"},
};
static const struct kb_opt of_select[] = {
	{.letter = 'm', .name = "model", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.model,
	 .help = "the model, as train wrote it"},
	{.letter = 'n', .name = "records", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.wanted, .min = 1, .max = 1000000,
	 .help = "how many to select (100)"},
};
static const struct kb_opt of_eval[] = {
	{.name = "label", .arg = "MEMBER", .type = KB_OPT_STRING, .to = &o.label,
	 .help = "that holds the label (label, or gold.class)"},
	{.letter = 'm', .name = "model", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.model,
	 .help = "the model, as train wrote it"},
	{.name = "keep", .arg = "SHARE", .type = KB_OPT_NUMBER,
	 .to = &o.rule.keep, .max = 1,
	 .help = "of the texts of these labels; others are other"},
	{.name = "leaf", .arg = "P", .type = KB_OPT_NUMBER, .to = &o.rule.leaf,
	 .max = 1,
	 .help = "score below which a child is its parent (0.5)"},
	{.name = "other", .arg = "LABEL", .type = KB_OPT_STRING, .to = &o.other,
	 .help = "of what is none of the labels (other)"},
	{.name = "threshold", .arg = "P", .type = KB_OPT_NUMBER,
	 .to = &o.rule.threshold, .max = 1,
	 .help = "score below which a text is other (0)"},
};
static const struct kb_opt of_all[] = {
	{.name = "text", .arg = "MEMBER", .type = KB_OPT_STRING, .to = &o.text,
	 .help = "that holds the text (text, or the question)"},
};
/* clang-format on */

static struct kb_class_run run;
static struct kb_class_route routes[KB_OPT_LIST_MAX];

static int open_routes(struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < route.n; i++) {
		rc = kb_class_route_read(&routes[i], route.items[i], err);
		if (!rc)
			rc = kb_cli_set_aside(routes[i].path, "--route", err);
		routes[i].place = rc;
	}
	return rc < 0 ? rc : 0;
}

static int open_run(enum kb_class_task task, struct kb_err *err)
{
	o.threads = kb_cli_jobs();
	o.task = task;
	o.now_s = kb_cli_date();
	if (task != KB_CLASS_CALIBRATE)
		kb_cli_keep(o.model, "--model");
	return open_routes(err) ? err->code : kb_class_run_open(&run, &o, err);
}

static void close_run(void)
{
	kb_class_run_close(&run);
}

static int thread_open(void **thread, struct kb_err *err)
{
	(void)err;
	kb_class_worker_open((struct kb_class_worker **)thread, &run);
	return 0;
}

static enum kb_work work(struct kb_task *task)
{
	const struct kb_class_route *to;
	struct kb_str name;

	if (kb_class_work(task->thread, &task->rec, task->number, &name,
			  &task->err) < 0)
		return KB_WORK_FAILED;
	task->no = kb_str_is(name, o.other);
	to = kb_class_route_find(routes, route.n, name);
	if (to) {
		task->where = KB_WHERE_ASIDE;
		task->aside = (size_t)to->place;
	}
	return KB_WORK_DONE;
}

static int report(int format, struct kb_buf *out, struct kb_err *err)
{
	struct kb_buf said;
	int rc;

	kb_buf_init(&said, 0);
	rc = kb_class_run_report(&run, format == FORMAT_TEXT, out, &said, err);
	kb_cli_say("text-classify", kb_buf_str(&said));
	kb_buf_release(&said);
	return rc;
}

static void stats(struct kb_buf *members)
{
	kb_class_run_stats(&run, members);
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	struct kb_buf line;

	kb_buf_init(&line, 0);
	kb_class_line(&task->rec, o.text, kb_task_id(task),
		      format == FORMAT_TSV, &line);
	kb_print_text(out, kb_buf_str(&line));
	kb_buf_release(&line);
}

#define FILTER(task_, name_, ...)                                          \
	static int open_##name_(int n, char **operands, const char **line, \
				struct kb_err *err)                        \
	{                                                                  \
		(void)n, (void)operands, (void)line;                       \
		return open_run(task_, err);                               \
	}                                                                  \
	static const struct kb_filter name_##_filter = {                   \
	    .takes_text = true,                                            \
	    .open = open_##name_,                                          \
	    .close = close_run,                                            \
	    .thread_open = thread_open,                                    \
	    .thread_close = kb_class_worker_close,                         \
	    .work = work,                                                  \
	    __VA_ARGS__}
FILTER(KB_CLASS_TRAIN, train, .report = report, .binary = true);
FILTER(KB_CLASS_PREDICT, predict, .print = print, .stats = stats);
FILTER(KB_CLASS_CALIBRATE, calibrate, .report = report, .binary = true);
FILTER(KB_CLASS_SELECT, select, .report = report);
FILTER(KB_CLASS_EVAL, eval, .report = report, .print = print);

#define COMMAND(name_, synopsis_, about_)                         \
	.name = #name_, .synopsis = synopsis_, .about = about_,   \
	.options = of_##name_, .n_options = KB_OPT_N(of_##name_), \
	.filter = &name_##_filter

static const struct kb_command commands[] = {
    {COMMAND(train, "-o MODEL [OPTION]...", "learn from labelled texts")},
    {COMMAND(predict, "-m MODEL [OPTION]...", "add the class of each record"),
     .formats = "json|text|tsv"},
    {COMMAND(calibrate, "-m MODEL -o MODEL [OPTION]...",
	     "learn what a score is worth from other texts")},
    {COMMAND(select, "-m MODEL [OPTION]...",
	     "the records whose label would teach the most")},
    {COMMAND(eval, "-m MODEL [OPTION]...",
	     "how often the model is right on labelled texts"),
     .formats = "json|text"},
};

static const struct kb_command program = {
    .name = "text-classify",
    .synopsis = "COMMAND [OPTION]...",
    .about = "Label texts by a model that is learned from examples.",
    .examples = "  text-classify train -o tickets.tc < labelled.jsonl\n"
		"  text-classify predict -m tickets.tc < tickets.txt\n",
    .options = of_all,
    .n_options = KB_OPT_N(of_all),
    .commands = commands,
    .n_commands = KB_OPT_N(commands),
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
