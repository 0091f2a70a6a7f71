/*
 * The machine that renders: one struct kb_eval for each render, walking the
 * template's statements. Everything it makes lives in the render's arena
 * and is charged against KB_TMPL_MEMORY_MAX.
 */
#ifndef KB_TEMPLATE_EVALUATOR_H
#define KB_TEMPLATE_EVALUATOR_H

#include "template/ast.h"

#define KB_CALL_ARGS 8

struct kb_binding {
	uint32_t id;
	struct kb_val val;
};

/* Which variables a name can mean: its own frame, then the scope a call
 * block was written in, then the globals (0 to n_globals). */
struct kb_frame {
	size_t own, outer_from, outer_to;
};

enum kb_jump {
	KB_JUMP_NONE,
	KB_JUMP_BREAK,
	KB_JUMP_CONTINUE,
};

struct kb_tmpl_loop {
	const struct kb_val *items;
	size_t index, n; /* index from 0 */
	int depth;
	struct kb_val changed;
};

struct kb_eval {
	const struct kb_tmpl *tmpl; /* the one being rendered, for messages */
	struct kb_tmpl_env *env;
	const struct kb_tmpl_input *input;
	struct kb_arena *arena;
	struct kb_buf *out;
	struct kb_err *err;
	struct kb_binding *vars;
	size_t n_vars, vars_cap, scope, n_globals;
	struct kb_frame frame;
	struct kb_val *context; /* record members by id, once looked up */
	bool *looked_up;
	int calls, loop_depth, captures, depth;
	struct kb_val captured; /* what KB_X_CAPTURED is */
	uint64_t steps;
	size_t memory;
	enum kb_jump jump;
	struct kb_message *messages;
	size_t n_messages, messages_cap;
	size_t message_start; /* of the open message in out */
	size_t message_bytes; /* of the closed ones */
	struct kb_str role;   /* of the open message */
	bool in_message, data_seen;
	size_t prefix_bytes;
};

struct kb_keyword {
	struct kb_str name;
	struct kb_val val;
};

/* A call in progress. argv are the arguments in the order of the builtin's
 * parameters, of type KB_VAL_UNDEF where not given. */
struct kb_tmpl_call {
	uint32_t at;
	const char *name;
	struct kb_val self;
	struct kb_val argv[KB_CALL_ARGS];
	struct kb_val *pos;
	size_t n_pos;
	struct kb_keyword *kw;
	size_t n_kw;
};

int kb_eval_fail(struct kb_eval *ev, uint32_t at, int code, const char *fmt,
		 ...) __attribute__((format(printf, 4, 5)));

/* One step more: KB_ELIMIT when too many, or nested too deeply. */
int kb_eval_step(struct kb_eval *ev, uint32_t at);

/* Account for bytes about to be made; KB_ELIMIT past the limit. */
int kb_eval_charge(struct kb_eval *ev, uint32_t at, size_t bytes);

int kb_eval_eval(struct kb_eval *ev, const struct kb_expr *x,
		 struct kb_val *out);
int kb_eval_exec(struct kb_eval *ev, const struct kb_stmt *s);

/* The value as text: a string is itself, others as printed. */
int kb_eval_text(struct kb_eval *ev, uint32_t at, struct kb_val v,
		 struct kb_str *out);

/* What a loop over v sees. KB_EINVAL when v cannot be iterated. */
int kb_eval_items(struct kb_eval *ev, uint32_t at, struct kb_val v,
		  struct kb_val **items, size_t *n);

/* "a.b.0" looked up in v; KB_VAL_UNDEF when missing. */
struct kb_val kb_eval_path(struct kb_eval *ev, struct kb_val v,
			   struct kb_str path);
struct kb_val kb_eval_attr(struct kb_eval *ev, struct kb_val v,
			   struct kb_str name);

/* v[i], negative from the end; KB_VAL_UNDEF when missing. */
struct kb_val kb_eval_index(struct kb_eval *ev, struct kb_val v, int64_t i);
/* A KB_X_SLICE. */
int kb_eval_slice(struct kb_eval *ev, const struct kb_expr *x,
		  struct kb_val *out);

/* Use of an undefined value: an error unless the environment is lenient. */
int kb_eval_undefined(struct kb_eval *ev, uint32_t at, struct kb_val v);

/* a op b. */
int kb_eval_binary(struct kb_eval *ev, uint32_t at, int op, struct kb_val a,
		   struct kb_val b, struct kb_val *out);
int kb_eval_in(struct kb_eval *ev, uint32_t at, struct kb_val a,
	       struct kb_val b, bool *out);

/* Call a builtin with arguments already evaluated in call->pos and kw. */
int kb_eval_builtin(struct kb_eval *ev, const struct kb_builtin *fn,
		    struct kb_tmpl_call *call, struct kb_val *out);
int kb_eval_call(struct kb_eval *ev, const struct kb_func *f,
		 struct kb_tmpl_call *call, struct kb_val *out);

/* Add a binding to the innermost scope, or change the one it has. */
void kb_eval_set(struct kb_eval *ev, uint32_t id, struct kb_val v);

/* Collect what is printed until kb_eval_captured(), which gives it. */
size_t kb_eval_capture(struct kb_eval *ev);
int kb_eval_captured(struct kb_eval *ev, size_t mark, struct kb_str *text);

/* ---- arguments ---- */

int64_t kb_call_int(const struct kb_tmpl_call *call, int i, int64_t fallback);
bool kb_call_true(struct kb_eval *ev, const struct kb_tmpl_call *call, int i,
		  bool fallback);
/* The argument as a string, or fallback when not given. */
int kb_call_str(struct kb_eval *ev, const struct kb_tmpl_call *call, int i,
		struct kb_str fallback, struct kb_str *out);

#endif
