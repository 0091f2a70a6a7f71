/*
 * From a record to its prompt: the variables a template sees, the token
 * budget, the built-in template, and what is written as 'prompt'.
 *
 * A template sees every member of the record and, before them,
 *
 *	question  as record/question.h finds it
 *	lang      "zh" or "en", the language of the question
 *	hits      the record's hits, cut at the end by the budget: the number
 *		  of a hit is always its place in the record's 'hits'
 *	messages  the record's messages, old ones cut away by the budget
 *	history   the user and assistant turns of messages that have text, as
 *		  {"role","content"}, without the question where it is the
 *		  last of them
 *	system    the text of the system messages
 *
 * and what -D defines. Within a budget the lowest hits go first, down to
 * one, then the oldest turns, then the last hit.
 */
#ifndef KB_PROMPT_RENDER_H
#define KB_PROMPT_RENDER_H

#include "prompt/prompt_scratch.h"
#include "template/tmpl.h"

enum kb_prompt_over { KB_PROMPT_OVER_ERROR, KB_PROMPT_OVER_FLAG };
enum kb_prompt_emit { KB_PROMPT_EMIT_MESSAGES, KB_PROMPT_EMIT_TEXT };

#define KB_PROMPT_HITS	   1000
#define KB_PROMPT_MESSAGES 10000

struct kb_prompt_options {
	const char *template;	    /* name or path; NULL: the built-in one */
	const char *dir;	    /* where names are looked up; may be NULL */
	const char *const *defines; /* "k=text" or "k:=json" */
	size_t n_defines;
	const char *roles;    /* that messages of a record may have, blanks
			       * between; NULL: KB_PROMPT_ROLES */
	size_t budget_tokens; /* 0: none */
	const struct kb_tokenizer *tokenizer; /* borrowed; NULL: the estimate */
	int64_t now_s; /* what strftime_now() tells; 0: the clock's time */
	enum kb_prompt_over over;
	enum kb_prompt_emit emit;
};

#define KB_PROMPT_ROLES "system developer user assistant tool"

struct kb_prompt;

/* Take from the surroundings what the options leave out: the directory of
 * templates beside the user's configuration, and the time of
 * SOURCE_DATE_EPOCH. */
void kb_prompt_surroundings(struct kb_prompt_options *options);

/* Compile what the options name. KB_ENOENT when there is no such template. */
int kb_prompt_new(const struct kb_prompt_options *options,
		  struct kb_prompt **prompt, struct kb_err *err);
void kb_prompt_free(struct kb_prompt *prompt);

/*
 * Render for one record and set its member 'prompt'. Threads may share one
 * prompt, each with its own scratch. The record stays as it was when it
 * fails.
 */
int kb_prompt_apply(const struct kb_prompt *prompt, struct kb_rec *rec,
		    struct kb_arena *arena, struct kb_prompt_scratch *scratch,
		    struct kb_err *err);

/* Compile a template and append what looks wrong with it, a line each. */
int kb_prompt_check(const char *path, struct kb_buf *report,
		    struct kb_err *err);

/* ---- parts ---- */

/* The built-in templates: of a question, and of a claim to be judged. */
extern const char kb_prompt_default[];
extern const char kb_prompt_judge[];
extern const char kb_prompt_summarise[];

/* What is suspicious in text out of the record. */
enum kb_lint {
	KB_LINT_HIDDEN = 1, /* zero-width, bidi or tag characters */
	KB_LINT_ORDERS = 2, /* speaks to the model: "ignore previous ..." */
	KB_LINT_MARKER = 4, /* a chat format's control token */
};
unsigned kb_prompt_lint(struct kb_str text);

#endif
