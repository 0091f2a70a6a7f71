/*
 * The compiled form of a template: statements and expressions in the
 * template's arena, never changed after parsing, so that threads may share
 * one template. Names are interned: a variable is looked up by number.
 */
#ifndef KB_TEMPLATE_AST_H
#define KB_TEMPLATE_AST_H

#include "base/map.h"
#include "template/tmpl.h"
#include "template/tmpl_value.h"

struct kb_eval;
struct kb_tmpl_call;

/* A filter, test, method or function. Returns 0 or a negative code. */
typedef int kb_builtin_fn(struct kb_eval *ev, struct kb_tmpl_call *call,
			  struct kb_val *out);

struct kb_builtin {
	const char *name;
	kb_builtin_fn *fn;
	const char *params; /* "a,b,c"; "*" at the end takes any */
};

enum kb_expr_type {
	KB_X_CONST,
	KB_X_NAME,
	KB_X_LIST,
	KB_X_DICT, /* args hold key, value, key, value */
	KB_X_NOT,
	KB_X_NEG,
	KB_X_POS,
	KB_X_AND,
	KB_X_OR,
	KB_X_BIN,   /* op */
	KB_X_COND,  /* a if b else c */
	KB_X_ATTR,  /* a.name */
	KB_X_ITEM,  /* a[b] */
	KB_X_SLICE, /* a[args[0]:args[1]:args[2]] */
	KB_X_CALL,
	KB_X_FILTER,
	KB_X_CAPTURED, /* the text of a filter or set block */
	KB_X_TEST,     /* negated when op */
};

enum kb_op {
	KB_OP_ADD,
	KB_OP_SUB,
	KB_OP_MUL,
	KB_OP_DIV,
	KB_OP_FLOORDIV,
	KB_OP_MOD,
	KB_OP_POW,
	KB_OP_CONCAT,
	KB_OP_EQ,
	KB_OP_NE,
	KB_OP_LT,
	KB_OP_LE,
	KB_OP_GT,
	KB_OP_GE,
	KB_OP_IN,
	KB_OP_NOT_IN,
};

struct kb_expr;

struct kb_arg {
	struct kb_str name; /* keyword, or empty */
	int stars;	    /* 1 for *list, 2 for **dict */
	struct kb_expr *value;
};

struct kb_expr {
	enum kb_expr_type type;
	int op;
	uint32_t at; /* byte in the source */
	uint32_t id; /* KB_X_NAME */
	struct kb_expr *a, *b, *c;
	struct kb_str name;
	struct kb_arg *args;
	size_t n_args;
	struct kb_val val; /* KB_X_CONST; tuple flag of KB_X_LIST in op */
	const struct kb_builtin *fn;
};

enum kb_stmt_type {
	KB_S_TEXT,
	KB_S_EMIT,
	KB_S_IF,      /* expr, body, other */
	KB_S_FOR,     /* ids from expr if cond: body, other */
	KB_S_SET,     /* ids = expr, or path of a namespace */
	KB_S_CAPTURE, /* set block */
	KB_S_WITH,
	KB_S_MACRO,
	KB_S_CALL,
	KB_S_FILTER,
	KB_S_INCLUDE,
	KB_S_MESSAGE,
	KB_S_BREAK,
	KB_S_CONTINUE,
	KB_S_DO,
};

/* A macro, or the body of a call block; also a callable value. */
struct kb_func {
	struct kb_str name;
	const struct kb_builtin *builtin; /* NULL for a macro */
	const struct kb_tmpl *tmpl;
	uint32_t *ids;
	struct kb_str *names;
	struct kb_expr **defaults; /* NULL where there is none */
	size_t n_params;
	struct kb_stmt *body;
	bool caller;
	/* A call block runs in the scope it was written in: the variables
	 * visible there, in the render's stack. */
	size_t scope_from, scope_to;
};

/* Names known to every environment. */
enum {
	KB_ID_LOOP,
	KB_ID_CALLER,
};

struct kb_stmt {
	enum kb_stmt_type type;
	uint32_t at;
	struct kb_str text; /* KB_S_TEXT; attribute of a set namespace */
	struct kb_expr *expr, *cond;
	uint32_t *ids;
	size_t n_ids;
	struct kb_expr **values; /* KB_S_WITH: one for each id */
	struct kb_stmt *body, *other, *next;
	struct kb_func *func;
	struct kb_tmpl *include;
};

struct kb_tmpl {
	struct kb_str name, source;
	struct kb_tmpl_env *env;
	struct kb_stmt *body;
	bool has_messages; /* itself or something it includes */
	bool open;	   /* being parsed: an include of it is a cycle */
	struct kb_tmpl *next;
};

struct kb_tmpl_env {
	struct kb_tmpl_options options;
	struct kb_arena arena;
	struct kb_map ids; /* hash of a name to id + 1 */
	struct kb_str *names;
	size_t n_names, names_cap;
	struct kb_tmpl *templates;
};

/* The number of a name; the same text gives the same number. */
uint32_t kb_tmpl_intern(struct kb_tmpl_env *env, struct kb_str name);

/* "name:line:col: " in front of a message. Returns err->code. */
int kb_tmpl_place(const struct kb_tmpl *tmpl, uint32_t at, struct kb_err *err);

/* Tables, looked up at compile time; NULL when there is no such name. */
const struct kb_builtin *kb_filter_find(struct kb_str name);
const struct kb_builtin *kb_test_find(struct kb_str name);
const struct kb_builtin *kb_function_find(struct kb_str name);

/* Methods depend on the value they are called on. */
const struct kb_builtin *kb_method_find(enum kb_val_type type,
					struct kb_str name);

/* Load a file under another name than its path: an include. */
int kb_tmpl_load_as(struct kb_tmpl_env *env, struct kb_str name,
		    const char *path, struct kb_tmpl **tmpl,
		    struct kb_err *err);

/* Parse tmpl->source into tmpl->body. */
int kb_tmpl_parse(struct kb_tmpl *tmpl, struct kb_err *err);

#endif
