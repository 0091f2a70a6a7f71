/*
 * Values of the template language.
 *
 * A value is small and copied freely; what it points to lives in the arena
 * of the render (or of the template, for constants). Arrays and objects of
 * the record stay JSON text until somebody looks inside: the first look
 * unfolds one level, and the keys of a list's objects, and keeps them, so a
 * record is read once whatever the template does with it.
 *
 * Strings are UTF-8 and counted in characters, as in Python; broken bytes
 * have become U+FFFD when the record was read.
 */
#ifndef KB_TEMPLATE_TMPL_VALUE_H
#define KB_TEMPLATE_TMPL_VALUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "json/rec.h"

enum kb_val_type {
	KB_VAL_UNDEF, /* a name nobody defined; u.s is the name */
	KB_VAL_NONE,
	KB_VAL_BOOL,
	KB_VAL_INT,
	KB_VAL_FLOAT,
	KB_VAL_BIG, /* an integer beyond 64 bits, as spelled: u.s */
	KB_VAL_STR,
	KB_VAL_LIST,
	KB_VAL_DICT,
	KB_VAL_LOOP, /* the loop variable */
	KB_VAL_FUNC, /* a macro or a function */
	KB_VAL_RAW,  /* in a dict only: a string or number still as JSON, u.s */
};

struct kb_tmpl_loop;
struct kb_func;

struct kb_val {
	enum kb_val_type type;
	union {
		bool b;
		int64_t i;
		double f;
		struct kb_str s;
		struct kb_seq *list;
		struct kb_tmpl_dict *dict;
		struct kb_tmpl_loop *loop;
		const struct kb_func *func;
	} u;
};

struct kb_seq {
	struct kb_json src; /* unfolded when 'pending' */
	bool pending;
	bool tuple; /* printed with round brackets */
	struct kb_val *items;
	size_t n, cap;
};

struct kb_tmpl_pair {
	struct kb_str key;
	struct kb_val val;
};

/* Unfolded in two steps: the keys at the first look, a string or number when
 * it is looked up, or all by kb_dict_open(). */
struct kb_tmpl_dict {
	struct kb_json src;
	bool pending;	   /* nothing has been read */
	bool has_raw;	   /* some values are of type KB_VAL_RAW */
	bool is_namespace; /* members may be set from inner scopes */
	struct kb_tmpl_pair *items;
	size_t n, cap;
	uint32_t *slots; /* of many items: number of each from 1, by its hash */
	size_t n_slots;	 /* a power of two, 0: none are kept */
};

/* How values are spelled: True and None as Python does, or true and null. */
enum kb_val_spelling {
	KB_VAL_PYTHON,
	KB_VAL_JSON,
};

/* ---- making ---- */

static inline struct kb_val kb_val_none(void)
{
	return (struct kb_val){.type = KB_VAL_NONE};
}

static inline struct kb_val kb_val_bool(bool b)
{
	return (struct kb_val){.type = KB_VAL_BOOL, .u.b = b};
}

static inline struct kb_val kb_val_int(int64_t i)
{
	return (struct kb_val){.type = KB_VAL_INT, .u.i = i};
}

static inline struct kb_val kb_val_float(double f)
{
	return (struct kb_val){.type = KB_VAL_FLOAT, .u.f = f};
}

static inline struct kb_val kb_val_str(struct kb_str s)
{
	return (struct kb_val){.type = KB_VAL_STR, .u.s = s};
}

/* An empty list or dict in the arena. */
struct kb_val kb_val_list(struct kb_arena *arena, bool tuple);
struct kb_val kb_val_dict(struct kb_arena *arena);

/* Scalars are decoded, arrays and objects wait. */
struct kb_val kb_val_json(struct kb_json json, struct kb_arena *arena);

void kb_seq_add(struct kb_seq *seq, struct kb_arena *arena, struct kb_val v);
void kb_dict_put(struct kb_tmpl_dict *dict, struct kb_arena *arena,
		 struct kb_str key, struct kb_val v);

/* ---- looking ---- */

/* Unfold one level; to be called before items is read. */
void kb_seq_open(struct kb_seq *seq, struct kb_arena *arena);
void kb_dict_open(struct kb_tmpl_dict *dict, struct kb_arena *arena);

/* NULL when there is no such key. */
struct kb_val *kb_dict_get(struct kb_tmpl_dict *dict, struct kb_arena *arena,
			   struct kb_str key);

/* A boolean is an integer, too. */
static inline bool kb_val_is_int(struct kb_val v)
{
	return v.type == KB_VAL_INT || v.type == KB_VAL_BOOL;
}

/* Of one that is. */
static inline int64_t kb_val_int_of(struct kb_val v)
{
	return v.type == KB_VAL_BOOL ? v.u.b : v.u.i;
}

bool kb_val_truth(struct kb_val v, struct kb_arena *arena);

/* Numbers and booleans as double; false for the rest. */
bool kb_val_number(struct kb_val v, double *out);

/* Steps that a template may take in all. */
#define KB_TMPL_STEPS ((uint64_t)5000000)

/* Steps that looking through a value's string takes, beside the one for every
 * value; 0 of another value. */
static inline uint64_t kb_val_work(struct kb_val v)
{
	return v.type == KB_VAL_STR ? v.u.s.len / 64 : 0;
}

/*
 * Both count what they compare in *steps, as lists that hold one list twice
 * are far larger than they look, and give up beyond KB_TMPL_STEPS: what they
 * say then is void, and the caller fails.
 *
 * Equality: values of different kinds differ.
 */
bool kb_val_eq(struct kb_val a, struct kb_val b, struct kb_arena *arena,
	       uint64_t *steps);

/* Order: false when the two have none. *cmp is < 0, 0 or > 0. */
bool kb_val_cmp(struct kb_val a, struct kb_val b, struct kb_arena *arena,
		uint64_t *steps, int *cmp);

/* "string", "number" ... for messages. */
const char *kb_val_name(struct kb_val v);

/* ---- writing ---- */

/* As {{ v }} prints it. */
void kb_val_print(struct kb_val v, enum kb_val_spelling dialect,
		  struct kb_arena *arena, struct kb_buf *out);

struct kb_json_style {
	int indent;		 /* blanks a level; -1 for one line */
	struct kb_str item, key; /* separators: ", " and ": " */
	bool ascii, sort;
};

/* As the filter tojson writes it; depth is bounded by KB_JSON_DEPTH. */
void kb_val_tojson(struct kb_val v, const struct kb_json_style *style,
		   struct kb_arena *arena, struct kb_buf *out);

#endif
