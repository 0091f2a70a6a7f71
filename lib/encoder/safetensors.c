#include "encoder/safetensors.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/load.h"
#include "json/rec.h"

struct kb_safetensors {
	struct kb_arena arena;
	struct kb_json head;
	struct kb_str data;
};

int kb_safetensors_open(struct kb_safetensors **out, struct kb_str file,
			struct kb_err *err)
{
	struct kb_safetensors *s;
	struct kb_json head;
	uint64_t n;

	*out = NULL;
	if (file.len < 8)
		return kb_err_set(err, KB_EFORMAT, "no safetensors file");
	n = kb_load64((const unsigned char *)file.ptr);
	if (n > KB_SAFETENSORS_HEAD || n > file.len - 8 ||
	    kb_json_check(file.ptr + 8, (size_t)n, &head, NULL) ||
	    head.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EFORMAT,
				  "no safetensors file, or one that is cut");
	s = kb_calloc(1, sizeof(*s));
	kb_arena_init(&s->arena);
	s->head = head;
	s->data = kb_str_skip(file, 8 + (size_t)n);
	*out = s;
	return 0;
}

void kb_safetensors_close(struct kb_safetensors *s)
{
	if (!s)
		return;
	kb_arena_release(&s->arena);
	free(s);
}

static bool take_type(struct kb_safetensors *s, struct kb_json val,
		      enum kb_weight_type *out)
{
	struct kb_str name;

	if (!kb_json_str(val, &s->arena, &name))
		return false;
	if (kb_str_is(name, "F32"))
		*out = KB_WEIGHT_F32;
	else if (kb_str_is(name, "F16"))
		*out = KB_WEIGHT_F16;
	else if (kb_str_is(name, "BF16"))
		*out = KB_WEIGHT_BF16;
	else
		return false;
	return true;
}

/* One or two dimensions. */
static bool take_shape(struct kb_json val, struct kb_weight *w)
{
	struct kb_json_iter it = kb_json_iter(val);
	int64_t dims[2] = {1, 1};
	size_t n = 0;

	for (; kb_json_next(&it); n++)
		if (n == 2 || !kb_json_int(it.val, &dims[n]) || dims[n] < 1 ||
		    dims[n] > INT32_MAX)
			return false;
	w->rows = n == 2 ? (size_t)dims[0] : 1;
	w->cols = (size_t)dims[n == 2];
	return n > 0;
}

static bool take_place(struct kb_safetensors *s, struct kb_json val,
		       struct kb_weight *w)
{
	struct kb_json_iter it = kb_json_iter(val);
	int64_t from, to;

	if (!kb_json_next(&it) || !kb_json_int(it.val, &from) ||
	    !kb_json_next(&it) || !kb_json_int(it.val, &to) || from < 0 ||
	    to < from || (uint64_t)to > s->data.len)
		return false;
	w->data = (const unsigned char *)s->data.ptr + from;
	return (uint64_t)(to - from) ==
	       (uint64_t)w->rows * w->cols * kb_weight_size(w->type);
}

static int find(void *arg, const char *name, struct kb_weight *out,
		struct kb_err *err)
{
	struct kb_safetensors *s = arg;
	struct kb_json entry = kb_json_get(s->head, name);
	char full[160];

	*out = (struct kb_weight){0};
	for (size_t i = 0; i < 2 && entry.type == KB_JSON_NONE; i++) {
		snprintf(full, sizeof(full), "%s.%s", i ? "roberta" : "bert",
			 name);
		entry = kb_json_get(s->head, full);
	}
	if (entry.type == KB_JSON_NONE)
		return kb_err_set(err, KB_ENOENT, "no tensor '%s'", name);
	if (!take_type(s, kb_json_get(entry, "dtype"), &out->type))
		return kb_err_set(err, KB_EINVAL,
				  "tensor '%s': its type is not understood; "
				  "F32, F16 and BF16 are",
				  name);
	if (!take_shape(kb_json_get(entry, "shape"), out) ||
	    !take_place(s, kb_json_get(entry, "data_offsets"), out))
		return kb_err_set(
		    err, KB_EFORMAT,
		    "tensor '%s' has no shape, or lies outside of "
		    "the file",
		    name);
	return 0;
}

struct kb_weights kb_safetensors_weights(struct kb_safetensors *s)
{
	return (struct kb_weights){s, find};
}
