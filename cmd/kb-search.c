/* kb-search: find the passages that answer a question. */
#include <stdlib.h>
#include <time.h>

#include "cache/search_worker.h"
#include "cli/run.h"
#include "context/complete.h"
#include "tune/tune.h"

static struct {
	const char *filter, *at, *legs, *weights;
	struct kb_opt_list indexes;
	struct kb_search_options search;
	struct kb_tune_options tune;
} o = {.search = {.k = 10, .ask = {NULL, 50, 2, 0.5}}, .tune.seed = 1};

static struct kb_search_setup setup = {.search = &o.search,
				       .answers.ttl_s = KB_CACHE_TTL_S};

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "answers", .arg = "DIR", .type = KB_OPT_STRING, .bare = "",
	 .writes = true, .to = &setup.answers.dir,
	 .help = "take answers that fact-check --answers kept"},
	{.name = "answers-ttl", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &setup.answers.ttl_s, .max = 1e9,
	 .help = "... that are no older (30d)"},
	{.name = "at", .arg = "DATE", .type = KB_OPT_STRING, .to = &o.at,
	 .help = "what is valid on that day (now)"},
	{.name = "distinct", .type = KB_OPT_FLAG, .to = &o.search.distinct,
	 .help = "one chunk of a document"},
	{.name = "duplicates", .type = KB_OPT_FLAG,
	 .to = &o.search.keep_duplicates,
	 .help = "keep near-duplicates"},
	{.name = "embed-cmd", .arg = "CMD", .type = KB_OPT_STRING,
	 .to = &o.search.embed,
	 .help = "makes the vector of a question, not llm-call"},
	{.name = "exhaustive", .type = KB_OPT_FLAG, .to = &o.search.exhaustive,
	 .help = "score every chunk, to compare"},
	{.name = "explain", .type = KB_OPT_FLAG, .to = &o.search.explain,
	 .help = "say why each hit is there"},
	{.name = "filter", .arg = "EXPR", .type = KB_OPT_STRING,
	 .to = &o.filter,
	 .help = "such as 'lang:zh price>=100'"},
	{.letter = 'i', .name = "index", .arg = "DIR", .type = KB_OPT_LIST,
	 .to = &o.indexes,
	 .help = "search this index too; may be given again"},
	{.letter = 'k', .name = "hits", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.search.k, .min = 1, .max = KB_SEARCH_K_MAX,
	 .help = "hits wanted (10)"},
	{.name = "legs", .arg = "NAMES", .type = KB_OPT_STRING, .to = &o.legs,
	 .choices = "lexical|vector|graph",
	 .help = "of lexical,vector,graph (all)"},
	{.name = "lock-wait", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.tune.lock_wait_s,
	 .help = "--tune: wait for a writer of the index (0s)"},
	{.name = "mmr", .arg = "X", .type = KB_OPT_NUMBER, .to = &o.search.mmr,
	 .max = 1,
	 .help = "diversity: weight of relevance, 0 to 1 (off)"},
	{.name = "model-file", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.search.confidence_path,
	 .help = "weights of the confidence, with --tune the reranker"},
	{.name = "no-model", .type = KB_OPT_FLAG, .to = &o.search.no_model,
	 .help = "embed no question: what the index learned stands in"},
	{.name = "no-spelling", .type = KB_OPT_FLAG,
	 .to = &o.search.no_spelling,
	 .help = "search words as they are written"},
	{.name = "no-synonyms", .type = KB_OPT_FLAG,
	 .to = &o.search.no_synonyms,
	 .help = "leave the built-in synonyms out"},
	{.name = "path", .type = KB_OPT_FLAG, .to = &o.search.paths,
	 .help = "show the graph's way to each hit"},
	{.name = "plain", .type = KB_OPT_FLAG, .to = &o.search.no_syntax,
	 .help = "the question has no syntax"},
	{.name = "reload", .type = KB_OPT_FLAG, .to = &setup.reload,
	 .help = "take up new generations while running"},
	{.name = "rerank", .arg = "CMD", .type = KB_OPT_STRING,
	 .to = &o.search.ask.command,
	 .help = "order by a filter such as 'llm-call --rerank'"},
	{.name = "rerank-hits", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.search.ask.hits, .min = 1, .max = KB_SEARCH_K_MAX,
	 .help = "hits it is asked about (50)"},
	{.name = "rerank-timeout", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.search.ask.timeout_s,
	 .help = "it has for an answer (2s)"},
	{.name = "rerank-weight", .arg = "X", .type = KB_OPT_NUMBER,
	 .to = &o.search.ask.weight, .max = 1,
	 .help = "of its scores, 0 to 1 (0.5)"},
	{.name = "rrf", .type = KB_OPT_FLAG, .to = &o.search.reciprocal,
	 .help = "fuse legs by ranks, not scores"},
	{.name = "seed", .arg = "N", .type = KB_OPT_COUNT, .to = &o.tune.seed,
	 .help = "--tune: of the split in halves (1)"},
	{.name = "synonyms", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.search.synonyms_path,
	 .help = "words that stand for each other, beside its own"},
	{.name = "tune", .arg = "FILE", .type = KB_OPT_STRING,
	 .writes = true, .to = &o.tune.qrels,
	 .help = "learn the weights of the legs for this index"},
	{.name = "weights", .arg = "L,V,G", .type = KB_OPT_STRING,
	 .to = &o.weights,
	 .help = "of the legs in the fusion (the index's)"},
};
/* clang-format on */

static struct {
	const char *paths[KB_OPT_LIST_MAX + 1];
	struct kb_tune *tune; /* or NULL: search */
	struct kb_terms terms;
	struct kb_text_style style;
	char *question; /* of the command line */
} run;

static struct kb_filter filter; /* below */

static int tune(int format, struct kb_buf *out, struct kb_err *err)
{
	return kb_tune_run(run.tune, &setup.base_options, &o.search, !format,
			   out, err);
}

static int open_run(int n, char **operands, const char **line,
		    struct kb_err *err)
{
	int rc =
	    kb_request_words(operands, n, &run.paths[0], &run.question, err);

	if (!rc)
		rc = kb_search_choose_legs(&o.search, o.legs, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < o.indexes.n; i++)
		run.paths[i + 1] = o.indexes.items[i];
	setup.base_options = (struct kb_base_options){
	    .paths = run.paths,
	    .n_paths = o.indexes.n + 1,
	    .filter = o.filter,
	    .at = o.at,
	    .weights = o.weights,
	    .now = time(NULL),
	    .once = run.question && kb_cli_jobs() < 2,
	};
	setup.answers.warn = kb_cli_warn;
	filter.report = o.tune.qrels ? tune : NULL;
	kb_cli_keep(o.tune.qrels, "--tune");
	o.tune.reranker_path = o.search.confidence_path;
	rc = o.tune.qrels
		 ? kb_tune_open(&run.tune, &o.tune, err)
		 : kb_search_shared_open(&setup.shared, &o.search, err);
	*line = run.question;
	run.style = (struct kb_text_style){.put = kb_print_text,
					   .analyzer = kb_analyzer_new(),
					   .terms = &run.terms};
	return rc ? rc : kb_base_open(&setup.base, &setup.base_options, err);
}

static void close_run(void)
{
	kb_search_shared_close(setup.shared);
	kb_base_unref(setup.base);
	kb_tune_close(run.tune);
	kb_analyzer_free(run.style.analyzer);
	kb_terms_release(&run.terms);
	free(run.question);
}

static int thread_open(void **thread, struct kb_err *err)
{
	return kb_search_worker_open((struct kb_search_worker **)thread, &setup,
				     err);
}

static void thread_close(void *thread)
{
	kb_search_worker_close(thread);
}

static enum kb_work work(struct kb_task *task)
{
	struct kb_request request;
	bool found;

	if (kb_request_read(&task->rec, &task->arena, &request, &task->err))
		return KB_WORK_FAILED;
	request.query = kb_context_question(&task->rec, request.query,
					    request.source, &task->arena);
	if (run.tune) {
		kb_tune_add(run.tune, task->number, kb_task_id(task), &request);
		return KB_WORK_DONE;
	}
	if (kb_search_worker_run(task->thread, &task->rec, &request, time(NULL),
				 &found, &task->err))
		return KB_WORK_FAILED;
	task->no = !found;
	return KB_WORK_DONE;
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	run.style.colour = kb_cli_colour();
	kb_record_print(&task->rec, kb_task_id(task), format, &run.style,
			&task->arena, out);
}

static struct kb_filter filter = {
    .takes_text = true,
    .open = open_run,
    .close = close_run,
    .thread_open = thread_open,
    .thread_close = thread_close,
    .work = work,
    .print = print,
};

static const struct kb_command program = {
    .name = "kb-search",
    .synopsis = "[OPTION]... INDEX [QUERY]...",
    .about = "Find the passages of an index that answer a question.",
    .shown = "answers explain filter index "
	     "hits rerank synonyms tune",
    .examples = "  kb-search my.kb 'when does the pool open?'\n"
		"  kb-search -k 3 --filter 'lang:en price<100' --format=grep "
		"my.kb pool\n",
    .version = "index format 4.1",
    .options = options,
    .n_options = KB_OPT_N(options),
    .operands = true,
    .formats = "json|text|trec|ids|grep",
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
