#include "prompt/render.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "prompt/prompt_vars.h"
#include "record/question.h"
#include "text/words.h"
#include "json/write.h"

#define MAX_DEFINES 64
#define MAX_KEPT    ((size_t)1 << 20) /* bytes of a buffer */

struct kb_prompt {
	struct kb_prompt_options options;
	struct kb_tmpl_env *env;
	struct kb_tmpl *tmpl;
	struct kb_arena arena; /* of defines */
	struct kb_tmpl_var defines[MAX_DEFINES];
	size_t n_defines;
	bool built_in;
	bool asks; /* it is about a question, which must be there */
};

/* ---- options ---- */

/* "k=text" or "k:=json". */
static int define(struct kb_prompt *p, const char *text, struct kb_err *err)
{
	const char *equals = strchr(text, '=');
	struct kb_tmpl_var *var = &p->defines[p->n_defines];
	struct kb_json json;
	size_t n;

	if (!equals || equals == text || p->n_defines == MAX_DEFINES)
		return kb_err_set(err, KB_EINVAL,
				  "-D '%.60s' is not NAME=TEXT or NAME:=JSON "
				  "(at most %d of them)",
				  text, MAX_DEFINES);
	n = (size_t)(equals - text);
	if (text[n - 1] != ':') {
		var->name = (struct kb_str){text, n};
		var->val = kb_val_str(kb_str_of(equals + 1));
		p->n_defines++;
		return 0;
	}
	if (kb_json_check(equals + 1, strlen(equals + 1), &json, err) < 0)
		return kb_err_place(err, "-D '%.60s'", text);
	/* Arrays and objects unfold when first used, by whichever thread: only
	 * what is complete from the start may be shared. */
	if (json.type == KB_JSON_ARRAY || json.type == KB_JSON_OBJECT)
		return kb_err_set(err, KB_EINVAL,
				  "-D '%.60s': only a string, number, true, "
				  "false or null",
				  text);
	var->name = (struct kb_str){text, n - 1};
	var->val = kb_val_json(json, &p->arena);
	p->n_defines++;
	return 0;
}

/* The file a name means: itself, or NAME or NAME.jinja in dir. */
static int find_template(const char *name, const char *dir, char *path,
			 size_t size, struct kb_err *err)
{
	static const char *const forms[] = {"%s", "%s/%s", "%s/%s.jinja"};
	struct stat st;

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (i && (!dir || strchr(name, '/')))
			break;
		if (i == 0)
			snprintf(path, size, "%s", name);
		else
			snprintf(path, size, "%s/%s%s", dir, name,
				 i == 2 ? ".jinja" : "");
		if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
			return 0;
	}
	return kb_err_set(err, KB_ENOENT, "no template '%s'%s%s", name,
			  dir ? " here or in " : "", dir ? dir : "");
}

static int load_built_in(struct kb_prompt *p, const char *name,
			 const char *text, struct kb_err *err)
{
	struct kb_tmpl_options options = {.dialect = KB_VAL_JSON,
					  .now_s = p->options.now_s,
					  .keep_spaces = true};

	p->built_in = true;
	p->env = kb_tmpl_env_new(&options);
	return kb_tmpl_compile(p->env, kb_str_of(name), kb_str_of(text),
			       &p->tmpl, err);
}

static int load(struct kb_prompt *p, struct kb_err *err)
{
	struct kb_tmpl_options options = {.dialect = KB_VAL_JSON,
					  .now_s = p->options.now_s};
	const char *name = p->options.template;
	char path[4096], dir[4096], *slash;
	int rc;

	p->asks = !name || !strcmp(name, "default");
	if (p->asks)
		return load_built_in(p, "default", kb_prompt_default, err);
	rc = find_template(name, p->options.dir, path, sizeof(path), err);
	if (rc < 0 && !strcmp(name, "judge"))
		return load_built_in(p, "judge", kb_prompt_judge, err);
	if (rc < 0 && !strcmp(name, "summarise"))
		return load_built_in(p, "summarise", kb_prompt_summarise, err);
	if (rc < 0)
		return rc;
	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash)
		*slash = '\0';
	options.dir = slash ? dir : ".";
	p->env = kb_tmpl_env_new(&options);
	return kb_tmpl_load(p->env, path, &p->tmpl, err);
}

int kb_prompt_new(const struct kb_prompt_options *options,
		  struct kb_prompt **prompt, struct kb_err *err)
{
	struct kb_prompt *p = kb_calloc(1, sizeof(*p));
	int rc = 0;

	p->options = *options;
	if (!p->options.roles)
		p->options.roles = KB_PROMPT_ROLES;
	kb_arena_init(&p->arena);
	for (size_t i = 0; rc == 0 && i < options->n_defines; i++)
		rc = define(p, options->defines[i], err);
	if (rc == 0)
		rc = load(p, err);
	if (rc < 0) {
		kb_prompt_free(p);
		return rc;
	}
	*prompt = p;
	return 0;
}

void kb_prompt_free(struct kb_prompt *prompt)
{
	if (!prompt)
		return;
	kb_tmpl_env_free(prompt->env);
	kb_arena_release(&prompt->arena);
	free(prompt);
}

/* ---- one record ---- */

struct job {
	const struct kb_prompt *prompt;
	struct kb_rec *rec;
	struct kb_arena *arena;
	struct kb_prompt_scratch *scratch;
	struct kb_err *err;
	struct kb_prompt_input in;
	struct kb_tmpl_output out;
	size_t n_stable; /* first messages that the template alone made */
	size_t tokens;
	bool counted; /* else estimated */
	bool sure;    /* its bytes tell that it is within the budget */
	size_t n_hits, n_dropped;
	bool over;
};

/* Messages from the first on that end within the stable prefix. */
static size_t count_stable(const struct kb_tmpl_output *out)
{
	size_t left = out->prefix_bytes, i = 0;

	for (; i < out->n_messages; i++) {
		const struct kb_message *m = &out->messages[i];

		if (m->role.len + m->content.len > left)
			break;
		left -= m->role.len + m->content.len;
	}
	return i;
}

/* Message i as it is known from earlier prompts, or NULL. */
static struct kb_known_message *known(const struct job *job, size_t i)
{
	return i < job->n_stable
		   ? kb_known_message(job->scratch,
				      job->out.messages[i].content)
		   : NULL;
}

/* Tokens of a list of messages: each costs four more than its text (three, and
 * one for its role), and the reply's head three (OpenAI's published count for
 * chat models). */
#define FRAME_TOKENS 4
#define REPLY_TOKENS 3

static size_t sum_tokens(const struct job *job)
{
	struct kb_prompt_scratch *scratch = job->scratch;
	size_t n = REPLY_TOKENS;

	for (size_t i = 0; i < job->out.n_messages; i++) {
		struct kb_str content = job->out.messages[i].content;
		struct kb_known_message *k = known(job, i);

		n += FRAME_TOKENS +
		     (k ? kb_known_tokens(scratch, k, job->counted)
			: kb_token_count(scratch->counters[job->counted],
					 content.ptr, content.len));
	}
	return n;
}

/* Counted where somebody asked for it or the budget may be broken. */
static void count_tokens(struct job *job)
{
	const struct kb_prompt_options *options = &job->prompt->options;
	size_t most = REPLY_TOKENS; /* in any byte-pair vocabulary */

	for (size_t i = 0; i < job->out.n_messages; i++)
		most += FRAME_TOKENS + job->out.messages[i].content.len;
	job->sure = most <= options->budget_tokens || !options->budget_tokens;
	job->counted = kb_tokenizer_is_chosen(options->tokenizer) || !job->sure;
	job->tokens = sum_tokens(job);
	/* An estimate may be above what it cannot be. */
	if (!job->counted && job->tokens > most)
		job->tokens = most;
}

static bool is_blank(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!kb_is_blank(s.ptr[i]))
			return false;
	return true;
}

static int render(struct job *job)
{
	struct kb_tmpl_input input = {.rec = job->rec,
				      .vars = job->in.vars,
				      .n_vars = job->in.n_vars,
				      .roles = job->prompt->options.roles};
	const struct kb_tmpl *tmpl = job->prompt->tmpl;
	struct kb_tmpl_output *out = &job->out;
	char quoted[KB_QUOTE_MAX];
	int rc;

	rc = kb_tmpl_render(tmpl, &input, job->arena, &job->scratch->text, out,
			    job->err);
	if (rc < 0)
		return rc;
	if (!kb_tmpl_has_messages(tmpl)) {
		out->messages =
		    kb_arena_alloc(job->arena, sizeof(*out->messages));
		out->messages[0].role = KB_STR("user");
		out->messages[0].content = out->text;
		out->n_messages = 1;
	} else if (!is_blank(out->text)) {
		return kb_err_set(
		    job->err, KB_EINVAL,
		    "template '%.*s' prints '%s' outside its messages",
		    (int)kb_tmpl_name(tmpl).len, kb_tmpl_name(tmpl).ptr,
		    kb_err_quote(quoted, out->text.ptr, out->text.len));
	}
	job->n_stable = count_stable(out);
	count_tokens(job);
	return 0;
}

static int render_cut(struct job *job, size_t n_hits, size_t n_dropped)
{
	job->n_hits = n_hits;
	job->n_dropped = n_dropped;
	kb_prompt_input_cut(&job->in, n_hits, n_dropped);
	return render(job);
}

/* The cut just large enough: the smallest c in 0..n for which hits (of
 * hits_of(c)) and messages fit, n when none does; by bisection, as a prompt
 * grows with what it shows. */
static int smallest_cut(struct job *job, size_t n, bool of_hits, size_t fit)
{
	size_t low = 0, high = n;
	int rc = 0;

	assert(job->tokens > fit);
	assert(n <= (of_hits ? job->in.n_hits : job->in.n_droppable));

	while (low < high && rc == 0) {
		size_t mid = low + (high - low) / 2;

		rc = of_hits ? render_cut(job, job->in.n_hits - mid, 0)
			     : render_cut(job, job->n_hits, mid);
		if (job->tokens <= fit)
			high = mid;
		else
			low = mid + 1;
	}
	if (rc < 0)
		return rc;
	return of_hits ? render_cut(job, job->in.n_hits - low, 0)
		       : render_cut(job, job->n_hits, low);
}

/* Prompts as one text have no messages to be counted by. */
static bool is_exact(const struct job *job)
{
	const struct kb_prompt_options *options = &job->prompt->options;

	return job->counted && kb_tokenizer_is_exact(options->tokenizer) &&
	       options->emit != KB_PROMPT_EMIT_TEXT;
}

static int keep_budget(struct job *job)
{
	const struct kb_prompt_options *options = &job->prompt->options;
	size_t fit =
	    kb_tokenizer_within(options->tokenizer, options->budget_tokens);
	size_t n_hits = job->in.n_hits, old = job->in.n_droppable;
	int rc = 0;

	if (job->sure || job->tokens <= fit)
		return 0;
	/* The question, when it is a message, stays. */
	if (old && job->in.asks_last)
		old--;
	if (n_hits > 1)
		rc = smallest_cut(job, n_hits - 1, true, fit);
	if (rc == 0 && job->tokens > fit && old)
		rc = smallest_cut(job, old, false, fit);
	if (rc == 0 && job->tokens > fit && n_hits)
		rc = render_cut(job, 0, job->n_dropped);
	if (rc < 0 || job->tokens <= fit)
		return rc;
	if (options->over == KB_PROMPT_OVER_ERROR)
		return kb_err_set(job->err, KB_ELIMIT,
				  "prompt needs %s%zu tokens without hits "
				  "and history; -b %zu leaves room for %zu",
				  is_exact(job) ? "" : "about ", job->tokens,
				  options->budget_tokens, fit);
	job->over = true;
	return 0;
}

/* ---- what is written ---- */

static void lint_text(struct kb_jw *w, const char *what, size_t n,
		      unsigned found)
{
	static const char *const words[] = {
	    "hidden characters", "speaks to the model", "a control token"};
	char text[80];

	for (unsigned bit = 0; bit < 3; bit++) {
		if (!(found >> bit & 1))
			continue;
		if (n)
			snprintf(text, sizeof(text), "%s %zu: %s", what, n,
				 words[bit]);
		else
			snprintf(text, sizeof(text), "%s: %s", what,
				 words[bit]);
		kb_jw_cstr(w, text);
	}
}

static void write_lint(struct job *job, struct kb_jw *w)
{
	struct kb_prompt_input *in = &job->in;
	uint64_t seen[KB_PROMPT_HITS];
	char text[80];

	kb_jw_key(w, "lint");
	kb_jw_arr(w);
	if (in->has_hits && !in->n_hits)
		kb_jw_cstr(w, "no hits");
	if (job->over)
		kb_jw_cstr(w, "over the budget");
	if (in->has_question)
		lint_text(w, "question", 0, kb_prompt_lint(in->question));
	for (size_t i = 0; i < job->n_hits; i++) {
		struct kb_val *v = kb_dict_get(in->hits.u.list->items[i].u.dict,
					       job->arena, KB_STR("text"));
		size_t k = 0;

		seen[i] = i;
		if (!v || v->type != KB_VAL_STR || !v->u.s.len)
			continue;
		lint_text(w, "hit", i + 1, kb_prompt_lint(v->u.s));
		seen[i] = kb_xxh64(v->u.s.ptr, v->u.s.len, 1);
		while (seen[k] != seen[i])
			k++;
		if (k == i)
			continue;
		snprintf(text, sizeof(text), "hit %zu: same text as hit %zu",
			 i + 1, k + 1);
		kb_jw_cstr(w, text);
	}
	kb_jw_end(w);
}

/* Role and content of all messages up to the end of the stable prefix. */
static uint64_t prefix_hash(const struct job *job)
{
	const struct kb_tmpl_output *out = &job->out;
	size_t left = out->prefix_bytes, n;
	uint64_t h = 0;

	for (size_t i = 0; i < out->n_messages && left; i++) {
		const struct kb_message *m = &out->messages[i];
		const struct kb_known_message *k = known(job, i);

		n = m->role.len < left ? m->role.len : left;
		h = kb_xxh64(m->role.ptr, n, h + 1);
		left -= n;
		n = m->content.len < left ? m->content.len : left;
		h = k && n == m->content.len
			? kb_known_hash(k, h + 1)
			: kb_xxh64(m->content.ptr, n, h + 1);
		left -= n;
	}
	return h;
}

static void write_hash(struct kb_jw *w, uint64_t h)
{
	static const char digits[] = "0123456789abcdef";
	char hex[18] = {'"'};

	for (int i = 16; i > 0; i--, h >>= 4)
		hex[i] = digits[h & 15];
	hex[17] = '"';
	kb_jw_raw(w, (struct kb_str){hex, sizeof(hex)});
}

static void write_messages(struct job *job, struct kb_jw *w)
{
	kb_jw_key(w, "messages");
	kb_jw_arr(w);
	for (size_t i = 0; i < job->out.n_messages; i++) {
		const struct kb_known_message *k = known(job, i);

		kb_jw_obj(w);
		kb_jw_key(w, "role");
		kb_jw_str(w, job->out.messages[i].role);
		kb_jw_key(w, "content");
		if (k)
			kb_jw_raw(w, kb_buf_str(&k->quoted));
		else
			kb_jw_str(w, job->out.messages[i].content);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void write_text(struct job *job, struct kb_jw *w)
{
	struct kb_buf *text = &job->scratch->text;

	kb_buf_reset(text);
	for (size_t i = 0; i < job->out.n_messages; i++) {
		if (i)
			kb_buf_add_cstr(text, "\n\n");
		kb_buf_add_str(text, job->out.messages[i].content);
	}
	kb_jw_key(w, "text");
	kb_jw_str(w, kb_buf_str(text));
}

static void write_dropped(struct job *job, struct kb_jw *w)
{
	kb_jw_key(w, "dropped");
	kb_jw_obj(w);
	kb_jw_key(w, "hits");
	kb_jw_arr(w);
	for (size_t i = job->n_hits; i < job->in.n_hits; i++)
		kb_jw_int(w, (int64_t)i + 1);
	kb_jw_end(w);
	kb_jw_key(w, "messages");
	kb_jw_int(w, (int64_t)job->in.n_gone);
	kb_jw_end(w);
}

static void write_prompt(struct job *job)
{
	const struct kb_prompt *p = job->prompt;
	struct kb_buf *out = &job->scratch->json;
	struct kb_jw w;

	kb_buf_reset(out);
	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (p->options.emit == KB_PROMPT_EMIT_TEXT)
		write_text(job, &w);
	else
		write_messages(job, &w);
	kb_jw_key(&w, "template");
	kb_jw_str(&w, kb_tmpl_name(p->tmpl));
	kb_jw_key(&w, "variant");
	if (p->built_in)
		kb_jw_cstr(&w, job->in.zh ? "zh" : "en");
	else
		kb_jw_null(&w);
	kb_jw_key(&w, "tokens");
	kb_jw_int(&w, (int64_t)job->tokens);
	kb_jw_key(&w, "exact");
	kb_jw_bool(&w, is_exact(job));
	kb_jw_key(&w, "tokenizer");
	kb_jw_cstr(
	    &w, kb_tokenizer_name(job->counted ? p->options.tokenizer : NULL));
	kb_jw_key(&w, "prefix_hash");
	write_hash(&w, prefix_hash(job));
	write_dropped(job, &w);
	write_lint(job, &w);
	kb_jw_end(&w);
	kb_rec_set(job->rec, "prompt",
		   kb_arena_copy(job->arena, kb_buf_str(out)));
	/* one huge record does not hold its memory for ever */
	if (out->cap > MAX_KEPT)
		kb_buf_release(out);
}

int kb_prompt_apply(const struct kb_prompt *prompt, struct kb_rec *rec,
		    struct kb_arena *arena, struct kb_prompt_scratch *scratch,
		    struct kb_err *err)
{
	struct job job = {.prompt = prompt,
			  .rec = rec,
			  .arena = arena,
			  .scratch = scratch,
			  .err = err};
	int rc = kb_prompt_input_read(&job.in, rec, arena,
				      prompt->options.roles, err);

	if (rc < 0)
		return rc;
	if (prompt->asks && !job.in.has_question)
		return kb_question_missing(err);
	for (size_t i = 0; i < prompt->n_defines; i++)
		job.in.vars[job.in.n_vars++] = prompt->defines[i];
	job.n_hits = job.in.n_hits;
	rc = render(&job);
	if (rc == 0)
		rc = keep_budget(&job);
	if (rc == 0)
		write_prompt(&job);
	return rc;
}

/* ---- checking a template ---- */

static bool mentions(struct kb_str source, const char *phrase)
{
	return kb_find_phrase(source.ptr, source.len, phrase) < source.len;
}

int kb_prompt_check(const char *path, struct kb_buf *report, struct kb_err *err)
{
	struct kb_prompt_options options = {.template = path};
	struct kb_prompt *p;
	struct kb_str source;
	int rc = kb_prompt_new(&options, &p, err);

	if (rc < 0)
		return rc;
	source = kb_tmpl_source(p->tmpl);
	if (!kb_tmpl_has_messages(p->tmpl))
		kb_buf_printf(report,
			      "%s: no {%% message %%}: the whole text "
			      "becomes one user message\n",
			      path);
	if (!mentions(source, "hits"))
		kb_buf_printf(report, "%s: does not use 'hits'\n", path);
	if (!mentions(source, "question") && !mentions(source, "query"))
		kb_buf_printf(report, "%s: does not use 'question'\n", path);
	if (mentions(source, "hits") && !mentions(source, "loop.index") &&
	    !mentions(source, "loop.index0"))
		kb_buf_printf(report,
			      "%s: passages are not numbered by "
			      "loop.index, so nothing can cite them\n",
			      path);
	if (kb_prompt_lint(source) & KB_LINT_HIDDEN)
		kb_buf_printf(report, "%s: hidden characters\n", path);
	kb_prompt_free(p);
	return 0;
}
