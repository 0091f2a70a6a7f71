#include "vector/vector_dump.h"

#include <math.h>

#include "base/base64.h"

#define FORM 1

static void put_row(struct kb_jw *w, const struct kb_vec_view *view,
		    int64_t row, struct kb_buf *text)
{
	struct kb_buf raw;

	if (row < 0) {
		kb_jw_null(w);
		return;
	}
	kb_buf_init(&raw, 0);
	kb_buf_add(&raw, &view->scales[row], sizeof(*view->scales));
	kb_buf_add(&raw, view->data + (size_t)row * view->stride, view->stride);
	kb_buf_reset(text);
	kb_base64_add(text, raw.ptr, raw.len);
	kb_jw_str(w, kb_buf_str(text));
	kb_buf_release(&raw);
}

const char *const kb_vec_dump_names[KB_VECTOR_SLOTS] = {"vectors", "vectors_2"};

static void put_text(struct kb_jw *w, const char *name, struct kb_str text)
{
	if (!text.len)
		return;
	kb_jw_key(w, name);
	kb_jw_str(w, text);
}

void kb_vec_dump_put(struct kb_jw *w, size_t slot,
		     const struct kb_vec_dump_source *from, uint32_t first,
		     uint32_t n)
{
	const struct kb_vec_view *view = &from->view;
	bool any = false, embed = false;
	struct kb_buf text;

	for (uint32_t c = first; c < first + n; c++) {
		int64_t row = kb_vec_row(view, c);

		any |= row >= 0;
		embed |= row >= 0 && from->hashes && from->hashes[row];
	}
	if (!any)
		return;
	kb_jw_key(w, kb_vec_dump_names[slot]);
	kb_jw_obj(w);
	kb_jw_key(w, "form");
	kb_jw_int(w, FORM);
	kb_jw_key(w, "model");
	kb_jw_str(w, from->model);
	kb_jw_key(w, "embed");
	kb_jw_bool(w, embed);
	if (embed) {
		put_text(w, "prefix", from->prefix);
		put_text(w, "input_type", from->input_type);
	}
	put_text(w, "language", from->language);
	kb_jw_key(w, "dim");
	kb_jw_int(w, (int64_t)view->dim);
	kb_jw_key(w, "rows");
	kb_jw_arr(w);
	kb_buf_init(&text, 0);
	for (uint32_t c = first; c < first + n; c++)
		put_row(w, view, kb_vec_row(view, c), &text);
	kb_buf_release(&text);
	kb_jw_end(w);
	kb_jw_end(w);
}

/* A row of the right size with a scale that is a number. */
static bool read_row(struct kb_json val, size_t dim, struct kb_arena *arena,
		     struct kb_str *row)
{
	struct kb_str text;
	float scale;

	*row = (struct kb_str){"", 0};
	if (val.type == KB_JSON_NULL)
		return true;
	if (!kb_json_str(val, arena, &text) ||
	    !kb_base64_decode(text, arena, row) ||
	    row->len != sizeof(scale) + kb_rotate_padded(dim))
		return false;
	memcpy(&scale, row->ptr, sizeof(scale));
	return isfinite(scale) && scale > 0 && scale <= 1;
}

/* A string, or nothing. */
static bool read_text(struct kb_json val, const char *name,
		      struct kb_arena *arena, struct kb_str *out)
{
	struct kb_json text = kb_json_get(val, name);

	return text.type == KB_JSON_NONE || kb_json_str(text, arena, out);
}

bool kb_vec_dump_read(struct kb_json val, struct kb_arena *arena,
		      const struct kb_vec_dump **out)
{
	struct kb_json list = kb_json_get(val, "rows");
	struct kb_vec_dump *dump;
	struct kb_json_iter it;
	struct kb_str *rows;
	int64_t form, dim;

	*out = NULL;
	if (val.type == KB_JSON_NONE)
		return true;
	dump = kb_arena_calloc(arena, 1, sizeof(*dump));
	if (!kb_json_int(kb_json_get(val, "form"), &form) || form != FORM ||
	    !kb_json_int(kb_json_get(val, "dim"), &dim) || dim < 1 ||
	    dim > KB_VEC_DIM_MAX || list.type != KB_JSON_ARRAY ||
	    !kb_json_str(kb_json_get(val, "model"), arena, &dump->model) ||
	    !read_text(val, "prefix", arena, &dump->prefix) ||
	    !read_text(val, "input_type", arena, &dump->input_type) ||
	    !read_text(val, "language", arena, &dump->language))
		return false;
	dump->embed = kb_json_get(val, "embed").type == KB_JSON_TRUE;
	dump->dim = (size_t)dim;
	rows = kb_arena_calloc(arena, kb_json_count(list) + 1, sizeof(*rows));
	it = kb_json_iter(list);
	while (kb_json_next(&it))
		if (!read_row(it.val, dump->dim, arena, &rows[dump->n++]))
			return false;
	dump->rows = rows;
	*out = dump;
	return true;
}

bool kb_vec_dump_row(const struct kb_vec_dump *dump, size_t i, uint64_t model,
		     struct kb_vec_view *view)
{
	const char *ptr;

	if (i >= dump->n || !dump->rows[i].len)
		return false;
	ptr = dump->rows[i].ptr;
	*view = (struct kb_vec_view){
	    .dim = dump->dim,
	    .stride = kb_rotate_padded(dump->dim),
	    .n = 1,
	    .model = model,
	    .scales = (const float *)(const void *)ptr,
	    .data = (const int8_t *)ptr + sizeof(float),
	};
	return true;
}
