#include "encoder/onnx.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/load.h"
#include "base/map.h"
#include "encoder/protobuf.h"

/* onnx.proto: TensorProto.DataType */
enum { FLOAT = 1, UINT8 = 2, INT8 = 3, FLOAT16 = 10, BFLOAT16 = 16 };

#define DIMS	 4
#define INPUTS	 4
#define BACKWARD 8 /* nodes between a bias and its weights */

struct tensor {
	struct kb_str name, data; /* data: as raw_data has it */
	uint64_t dims[DIMS];
	size_t n_dims;
	uint64_t type;
	bool outside; /* in another file */
};

struct node {
	struct kb_str op, output, inputs[INPUTS];
	size_t n_inputs;
	struct tensor value; /* of a Constant */
};

struct kb_onnx {
	struct kb_arena arena;
	struct tensor *tensors;
	struct node *nodes;
	size_t n_tensors, tensors_cap, n_nodes, nodes_cap;
	struct kb_map named;  /* of tensors, by their whole names */
	struct kb_map makers; /* nodes by their output */
};

static int broken(struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT, "no ONNX file, or one that is cut");
}

static uint64_t key_of(struct kb_str name)
{
	return kb_hash64(name.ptr, name.len, 0);
}

/* ---- reading ---- */

static void take_dims(struct tensor *t, struct kb_protobuf *p)
{
	struct kb_str rest = p->bytes;
	uint64_t n = p->number;

	if (p->wire == 0 && t->n_dims < DIMS)
		t->dims[t->n_dims++] = n;
	while (p->wire == 2 && t->n_dims < DIMS &&
	       kb_protobuf_packed(&rest, &n))
		t->dims[t->n_dims++] = n;
}

/* Numbers of 8 bits may stand as varints, which is how a zero point does. */
static void take_numbers(struct kb_onnx *o, struct tensor *t,
			 struct kb_protobuf *p)
{
	struct kb_str rest = p->bytes;
	char *bytes = kb_arena_alloc(&o->arena, rest.len + 1);
	size_t n = 0;
	uint64_t number = p->number;

	if (p->wire == 0)
		bytes[n++] = (char)number;
	while (p->wire == 2 && kb_protobuf_packed(&rest, &number))
		bytes[n++] = (char)number;
	t->data = (struct kb_str){bytes, n};
}

static bool take_tensor(struct kb_onnx *o, struct kb_str bytes,
			struct tensor *t)
{
	struct kb_protobuf p = kb_protobuf_of(bytes);

	*t = (struct tensor){0};
	while (kb_protobuf_next(&p)) {
		if (p.field == 1)
			take_dims(t, &p);
		else if (p.field == 2)
			t->type = p.number;
		else if (p.field == 4 && p.wire == 2)
			t->data = p.bytes;
		else if (p.field == 4 && p.wire == 5)
			t->data = (struct kb_str){(const char *)p.at - 4, 4};
		else if (p.field == 5 && t->type != FLOAT)
			take_numbers(o, t, &p);
		else if (p.field == 8)
			t->name = p.bytes;
		else if (p.field == 9)
			t->data = p.bytes;
		else if (p.field == 14)
			t->outside = p.number == 1;
	}
	return !p.broken;
}

static bool take_attribute(struct kb_onnx *o, struct kb_str bytes,
			   struct node *n)
{
	struct kb_protobuf p = kb_protobuf_of(bytes);

	while (kb_protobuf_next(&p))
		if (p.field == 5 && !take_tensor(o, p.bytes, &n->value))
			return false;
	return !p.broken;
}

static bool take_node(struct kb_onnx *o, struct kb_str bytes, struct node *n)
{
	struct kb_protobuf p = kb_protobuf_of(bytes);

	*n = (struct node){0};
	while (kb_protobuf_next(&p)) {
		if (p.field == 1 && n->n_inputs < INPUTS)
			n->inputs[n->n_inputs++] = p.bytes;
		else if (p.field == 2 && !n->output.ptr)
			n->output = p.bytes;
		else if (p.field == 4)
			n->op = p.bytes;
		else if (p.field == 5 && !take_attribute(o, p.bytes, n))
			return false;
	}
	return !p.broken;
}

static bool add_tensor(struct kb_onnx *o, struct kb_str bytes)
{
	if (o->n_tensors == KB_ONNX_ITEMS)
		return false;
	kb_grow(&o->tensors, &o->tensors_cap, o->n_tensors + 1,
		sizeof(*o->tensors));
	if (!take_tensor(o, bytes, &o->tensors[o->n_tensors]))
		return false;
	*kb_map_put(&o->named, key_of(o->tensors[o->n_tensors].name), NULL) =
	    o->n_tensors;
	o->n_tensors++;
	return true;
}

static bool add_node(struct kb_onnx *o, struct kb_str bytes)
{
	if (o->n_nodes == KB_ONNX_ITEMS)
		return false;
	kb_grow(&o->nodes, &o->nodes_cap, o->n_nodes + 1, sizeof(*o->nodes));
	if (!take_node(o, bytes, &o->nodes[o->n_nodes]))
		return false;
	*kb_map_put(&o->makers, key_of(o->nodes[o->n_nodes].output), NULL) =
	    o->n_nodes;
	o->n_nodes++;
	return true;
}

static bool take_graph(struct kb_onnx *o, struct kb_str bytes)
{
	struct kb_protobuf p = kb_protobuf_of(bytes);

	while (kb_protobuf_next(&p)) {
		if (p.field == 1 && !add_node(o, p.bytes))
			return false;
		if (p.field == 5 && !add_tensor(o, p.bytes))
			return false;
	}
	return !p.broken;
}

int kb_onnx_open(struct kb_onnx **out, struct kb_str file, struct kb_err *err)
{
	struct kb_onnx *o = kb_calloc(1, sizeof(*o));
	struct kb_protobuf p = kb_protobuf_of(file);
	bool good = true;

	*out = NULL;
	kb_arena_init(&o->arena);
	kb_map_init(&o->named);
	kb_map_init(&o->makers);
	while (good && kb_protobuf_next(&p))
		if (p.field == 7)
			good = take_graph(o, p.bytes);
	if (!good || p.broken || !o->n_tensors || !o->n_nodes) {
		kb_onnx_close(o);
		return broken(err);
	}
	*out = o;
	return 0;
}

void kb_onnx_close(struct kb_onnx *o)
{
	if (!o)
		return;
	free(o->tensors);
	free(o->nodes);
	kb_map_release(&o->named);
	kb_map_release(&o->makers);
	kb_arena_release(&o->arena);
	free(o);
}

/* ---- looking ---- */

static const struct tensor *tensor_named(const struct kb_onnx *o,
					 struct kb_str name)
{
	const uint64_t *at = kb_map_get(&o->named, key_of(name));

	return at && kb_str_eq(o->tensors[*at].name, name) ? &o->tensors[*at]
							   : NULL;
}

static const struct node *maker_of(const struct kb_onnx *o, struct kb_str name)
{
	const uint64_t *at = kb_map_get(&o->makers, key_of(name));

	return at && kb_str_eq(o->nodes[*at].output, name) ? &o->nodes[*at]
							   : NULL;
}

/* The tensor whose name ends so, behind a dot or at the beginning. */
static const struct tensor *tensor_ending(const struct kb_onnx *o,
					  const char *name)
{
	for (size_t i = 0; i < o->n_tensors; i++) {
		struct kb_str n = o->tensors[i].name;
		size_t end = kb_ends(n.ptr, n.len, name);

		if (end && (end == n.len || n.ptr[n.len - end - 1] == '.'))
			return &o->tensors[i];
	}
	return NULL;
}

static const struct node *adder_of(const struct kb_onnx *o, struct kb_str name)
{
	for (size_t i = 0; i < o->n_nodes; i++) {
		const struct node *n = &o->nodes[i];

		if (kb_str_is(n->op, "Add") && n->n_inputs == 2 &&
		    (kb_str_eq(n->inputs[0], name) ||
		     kb_str_eq(n->inputs[1], name)))
			return n;
	}
	return NULL;
}

/* ---- weights ---- */

static bool take_type(uint64_t type, enum kb_weight_type *out)
{
	static const struct {
		uint64_t onnx;
		enum kb_weight_type ours;
	} types[] = {
	    {FLOAT, KB_WEIGHT_F32},	{UINT8, KB_WEIGHT_U8},
	    {INT8, KB_WEIGHT_I8},	{FLOAT16, KB_WEIGHT_F16},
	    {BFLOAT16, KB_WEIGHT_BF16},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].onnx == type) {
			*out = types[i].ours;
			return true;
		}
	return false;
}

static int not_understood(const char *name, const char *what,
			  struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL, "tensor '%s': %s is not understood",
			  name, what);
}

/* The numbers of a tensor as they stand there. */
static int take_data(const struct tensor *t, const char *name,
		     struct kb_weight *w, struct kb_err *err)
{
	uint64_t rows = t->n_dims > 1 ? t->dims[0] : 1;
	uint64_t cols = t->n_dims ? t->dims[t->n_dims - 1] : 1;

	*w = (struct kb_weight){0};
	if (t->outside)
		return kb_err_set(err, KB_EINVAL,
				  "tensor '%s' is in another file; export the "
				  "model into one",
				  name);
	if (t->n_dims > 2)
		return not_understood(name, "its shape", err);
	if (!take_type(t->type, &w->type))
		return not_understood(name, "its type", err);
	if (rows > UINT32_MAX || cols > UINT32_MAX ||
	    t->data.len != rows * cols * kb_weight_size(w->type))
		return kb_err_set(err, KB_EFORMAT,
				  "tensor '%s' has other bytes than its shape",
				  name);
	w->data = (const unsigned char *)t->data.ptr;
	w->rows = (size_t)rows;
	w->cols = (size_t)cols;
	return 0;
}

/* The same of numbers that have no scales: bytes say nothing without them. */
static int take_plain(const struct tensor *t, const char *name,
		      struct kb_weight *w, struct kb_err *err)
{
	int rc = take_data(t, name, w, err);

	if (!rc && kb_weight_is_bytes(w))
		return not_understood(name, "how it was quantised", err);
	return rc;
}

/* The zero points: all the same, or nothing of ours. */
static int take_zero(const struct tensor *zero, const char *name,
		     struct kb_weight *w, struct kb_err *err)
{
	w->zero = 0;
	if (!zero)
		return 0;
	for (size_t i = 0; i < zero->data.len; i++)
		if (zero->data.ptr[i] != zero->data.ptr[0])
			return not_understood(name, "zero points that differ",
					      err);
	if (zero->data.len)
		w->zero = w->type == KB_WEIGHT_U8
			      ? (int32_t)(unsigned char)zero->data.ptr[0]
			      : (int32_t)(int8_t)zero->data.ptr[0];
	return 0;
}

static int take_scales(const struct tensor *scales, const struct tensor *zero,
		       const char *name, size_t n, struct kb_weight *w,
		       struct kb_err *err)
{
	if (!kb_weight_is_bytes(w))
		return 0;
	if (!scales || scales->type != FLOAT || !scales->data.len ||
	    (scales->data.len != 4 && scales->data.len != 4 * n))
		return not_understood(name, "how it was quantised", err);
	w->scales = (const unsigned char *)scales->data.ptr;
	w->n_scales = scales->data.len / 4;
	return take_zero(zero, name, w, err);
}

/* A table, such as that of words: itself, or NAME_quantized with NAME_scale
 * and NAME_zero_point. */
static int find_table(const struct kb_onnx *o, const char *name,
		      struct kb_weight *out, struct kb_err *err)
{
	const struct tensor *t = tensor_ending(o, name), *scales, *zero;
	char full[160];
	int rc;

	if (t)
		return take_plain(t, name, out, err);
	snprintf(full, sizeof(full), "%s_quantized", name);
	t = tensor_ending(o, full);
	snprintf(full, sizeof(full), "%s_scale", name);
	scales = tensor_ending(o, full);
	snprintf(full, sizeof(full), "%s_zero_point", name);
	zero = tensor_ending(o, full);
	if (!t)
		return kb_err_set(err, KB_ENOENT, "no tensor '%s'", name);
	rc = take_data(t, name, out, err);
	return rc ? rc : take_scales(scales, zero, name, 1, out, err);
}

/* The weights that a value is made by: MatMul, or MatMulInteger with the
 * scales it is multiplied with. A step back goes on through the first input
 * that leads there. */
static const struct node *product_of(const struct kb_onnx *o, struct kb_str of,
				     struct kb_str *scales, int depth)
{
	const struct node *n = maker_of(o, of), *found = NULL;

	if (!n || depth == BACKWARD)
		return NULL;
	if ((kb_str_is(n->op, "MatMul") || kb_str_is(n->op, "MatMulInteger")) &&
	    n->n_inputs >= 2)
		return n;
	if (kb_str_is(n->op, "Cast"))
		return product_of(o, n->inputs[0], scales, depth + 1);
	if (!kb_str_is(n->op, "Mul") || n->n_inputs != 2)
		return NULL;
	for (size_t i = 0; i < 2 && !found; i++) {
		const struct node *by = maker_of(o, n->inputs[1 - i]);

		found = product_of(o, n->inputs[i], scales, depth + 1);
		for (size_t k = 0; found && by && k < by->n_inputs; k++)
			if (kb_str_is(by->op, "Mul") &&
			    tensor_named(o, by->inputs[k]))
				*scales = by->inputs[k];
	}
	return found;
}

static int find_map(const struct kb_onnx *o, const char *name,
		    const struct tensor *bias, struct kb_weight *out,
		    struct kb_err *err)
{
	const struct node *add = adder_of(o, bias->name), *product = NULL;
	const struct tensor *t = NULL;
	struct kb_str scales = {"", 0};
	int rc;

	for (size_t i = 0; add && i < 2 && !product; i++)
		product = product_of(o, add->inputs[i], &scales, 0);
	if (product)
		t = tensor_named(o, product->inputs[1]);
	if (!t)
		return kb_err_set(err, KB_ENOENT,
				  "no weights that the bias of '%s' is added "
				  "to",
				  name);
	rc = take_data(t, name, out, err);
	if (!rc)
		rc = take_scales(tensor_named(o, scales),
				 product->n_inputs > 3
				     ? tensor_named(o, product->inputs[3])
				     : NULL,
				 name, out->cols, out, err);
	/* x * W: its rows are the inputs */
	out->turned = true;
	out->rows = rc ? 0 : (size_t)t->dims[t->n_dims - 1];
	out->cols = rc || t->n_dims < 2 ? 0 : (size_t)t->dims[0];
	return rc;
}

static int find(void *arg, const char *name, struct kb_weight *out,
		struct kb_err *err)
{
	const struct kb_onnx *o = arg;
	size_t n = strlen(name), end = kb_ends(name, n, ".weight");
	const struct tensor *bias = NULL;
	char full[128];

	/* the weights of a norm and of a table keep their names */
	if (end && !strstr(name, "LayerNorm") && !strstr(name, "embeddings")) {
		snprintf(full, sizeof(full), "%.*s.bias", (int)(n - end), name);
		bias = tensor_ending(o, full);
		if (bias)
			return find_map(o, name, bias, out, err);
	}
	return find_table(o, name, out, err);
}

struct kb_weights kb_onnx_weights(struct kb_onnx *onnx)
{
	return (struct kb_weights){onnx, find};
}

/* ---- heads ---- */

/* The number that a constant is, or 0. */
static double constant(const struct kb_onnx *o, struct kb_str name)
{
	const struct tensor *t = tensor_named(o, name);
	const struct node *n = maker_of(o, name);
	float x;

	if (!t && n && kb_str_is(n->op, "Constant"))
		t = &n->value;
	if (!t || t->type != FLOAT || t->data.len != sizeof(x))
		return 0;
	memcpy(&x, t->data.ptr, sizeof(x));
	return (double)x;
}

size_t kb_onnx_head_size(const struct kb_onnx *o)
{
	for (size_t i = 0; i < o->n_nodes; i++) {
		const struct node *n = &o->nodes[i], *by;
		double x;

		if (!kb_str_is(n->op, "Div") || n->n_inputs != 2)
			continue;
		by = maker_of(o, n->inputs[0]);
		x = constant(o, n->inputs[1]);
		if (by && kb_str_is(by->op, "MatMul") && x > 0 && x < 1e3)
			return (size_t)lround(x * x);
	}
	return 0;
}
