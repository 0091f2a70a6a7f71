/*
 * The template language: a subset of Jinja, compiled once, rendered for
 * every record.
 *
 *	{{ expr }}   {% if %} {% for %} {% set %} {% with %} {% macro %}
 *	{% call %} {% filter %} {% include "name" %} {% raw %} {% do %}
 *	{% break %} {% continue %} {% generation %}   {# comment #}
 *
 * and one statement of its own:
 *
 *	{% message role="system" %} ... {% endmessage %}
 *
 * Messages are structure, not markers in text: what a record holds is
 * printed, never parsed, so it can become neither a role nor a template. A
 * role that comes out of the record must be among 'roles'.
 *
 * Undefined names may be tested, given a default, and hold nothing that 'in'
 * looks for; anything else with them is an error that names file, line and
 * column. Includes are named by the template's author alone (a literal),
 * relative to the template's own directory, and may not leave it.
 *
 * Limits, each an error that names it: source size, nesting, calls, depth
 * of evaluation (what bounds the C stack), steps (loop rounds and
 * evaluations), output, memory.
 */
#ifndef KB_TEMPLATE_TMPL_H
#define KB_TEMPLATE_TMPL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "template/tmpl_value.h"

#define KB_TMPL_SOURCE_MAX ((size_t)1 << 20)
#define KB_TMPL_NESTING	   100
#define KB_TMPL_CALLS	   60
#define KB_TMPL_DEPTH	   1500
#define KB_TMPL_OUTPUT_MAX ((size_t)32 << 20)
#define KB_TMPL_MEMORY_MAX ((size_t)128 << 20)
#define KB_TMPL_INCLUDES   64

struct kb_tmpl;
struct kb_tmpl_env;

struct kb_tmpl_options {
	enum kb_val_spelling dialect;
	bool lenient;	  /* undefined prints as nothing */
	bool keep_spaces; /* no trimming of blanks around block tags */
	const char *dir;  /* of includes; NULL: none are allowed */
	int64_t now_s;	  /* of strftime_now(), since 1970; 0: the clock's */
};

/* Templates that include each other share one environment. */
struct kb_tmpl_env *kb_tmpl_env_new(const struct kb_tmpl_options *options);
void kb_tmpl_env_free(struct kb_tmpl_env *env);

/*
 * Compile source, which is copied. Errors are "name:line:col: what".
 * The template lives as long as its environment.
 */
int kb_tmpl_compile(struct kb_tmpl_env *env, struct kb_str name,
		    struct kb_str source, struct kb_tmpl **tmpl,
		    struct kb_err *err);

/* Compile a file of at most KB_TMPL_SOURCE_MAX bytes. */
int kb_tmpl_load(struct kb_tmpl_env *env, const char *path,
		 struct kb_tmpl **tmpl, struct kb_err *err);

struct kb_str kb_tmpl_name(const struct kb_tmpl *tmpl);
struct kb_str kb_tmpl_source(const struct kb_tmpl *tmpl);

/* Does it hold message blocks, or is its whole text one message? */
bool kb_tmpl_has_messages(const struct kb_tmpl *tmpl);

/* ---- rendering ---- */

/* A name the template sees beside the record's members, and before them. */
struct kb_tmpl_var {
	struct kb_str name;
	struct kb_val val;
};

struct kb_message {
	struct kb_str role, content;
};

struct kb_tmpl_input {
	const struct kb_rec *rec; /* members by name; may be NULL */
	const struct kb_tmpl_var *vars;
	size_t n_vars;
	/* Roles that may come out of data, blank-separated; literal ones of
	 * the template are not looked up. */
	const char *roles;
};

struct kb_tmpl_output {
	struct kb_message *messages;
	size_t n_messages;
	struct kb_str text; /* what stands outside messages */
	/* Bytes of role and content that come before the first value out of
	 * the record, messages counted through: the stable prefix. */
	size_t prefix_bytes;
};

/*
 * Render into arena (which the output then needs). 'scratch' is any buffer;
 * its content is lost. KB_EINVAL for errors of the template or its use of
 * the record, KB_ELIMIT for limits.
 */
int kb_tmpl_render(const struct kb_tmpl *tmpl,
		   const struct kb_tmpl_input *input, struct kb_arena *arena,
		   struct kb_buf *scratch, struct kb_tmpl_output *output,
		   struct kb_err *err);

#endif
