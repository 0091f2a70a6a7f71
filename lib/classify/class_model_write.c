#include "base/hash.h"
#include "classify/class_model.h"
#include "json/write.h"

static void put_scale(struct kb_jw *w, const char *name,
		      const struct kb_class_scale *scale)
{
	const struct kb_calibration *c = &scale->calibration;

	kb_jw_key(w, name);
	kb_jw_obj(w);
	if (c->kind == KB_CALIBRATION_PLATT) {
		kb_jw_key(w, "slope");
		kb_jw_num(w, c->slope);
		kb_jw_key(w, "offset");
		kb_jw_num(w, c->offset);
	} else if (c->kind == KB_CALIBRATION_ISOTONIC) {
		kb_jw_key(w, "z");
		kb_jw_arr(w);
		for (size_t i = 0; i < c->n_knots; i++)
			kb_jw_num(w, c->knots[i].z);
		kb_jw_end(w);
		kb_jw_key(w, "p");
		kb_jw_arr(w);
		for (size_t i = 0; i < c->n_knots; i++)
			kb_jw_num(w, c->knots[i].p);
		kb_jw_end(w);
	}
	kb_jw_key(w, "kept");
	kb_jw_arr(w);
	for (size_t i = 0; i < scale->n_kept; i++)
		kb_jw_num(w, scale->kept[i]);
	kb_jw_end(w);
	kb_jw_end(w);
}

static void put_about(const struct kb_class_parts *p, struct kb_buf *out)
{
	const struct kb_class_about *a = p->about;
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "program");
	kb_jw_cstr(&w, "text-classify " KB_VERSION);
	kb_jw_key(&w, "date");
	kb_jw_str(&w, a->date);
	kb_jw_count(&w, "records", a->records);
	kb_jw_count(&w, "calibrated", a->calibrated);
	if (a->accuracy >= 0) {
		kb_jw_key(&w, "accuracy");
		kb_jw_fixed(&w, a->accuracy, 4);
	}
	kb_jw_key(&w, "labels");
	kb_jw_arr(&w);
	for (uint32_t i = 0; i < p->n_columns; i++)
		kb_jw_str(&w, a->labels[i]);
	kb_jw_end(&w);
	if (p->n_labels < p->n_columns) {
		kb_jw_key(&w, "parent");
		kb_jw_arr(&w);
		for (uint32_t i = 0; i < p->n_labels; i++)
			kb_jw_int(&w, a->parent[i] == KB_CLASS_NO_PARENT
					  ? -1
					  : (int64_t)a->parent[i]);
		kb_jw_end(&w);
		put_scale(&w, "parent_scale", &a->scale[1]);
	}
	put_scale(&w, "scale", &a->scale[0]);
	kb_jw_end(&w);
}

/* Append a section at a multiple of 16 from 'start' on. */
static struct kb_class_section put(struct kb_buf *out, size_t start,
				   struct kb_str bytes)
{
	static const char zeros[16];
	struct kb_class_section s;

	kb_buf_add(out, zeros, (size_t)(-(out->len - start) % 16));
	s.offset = out->len - start;
	s.length = bytes.len;
	kb_buf_add_str(out, bytes);
	return s;
}

void kb_class_model_write(const struct kb_class_parts *parts,
			  struct kb_buf *out)
{
	struct kb_class_header h = {
	    .major = KB_CLASS_MAJOR,
	    .minor = KB_CLASS_MINOR,
	    .n_slots = parts->n_slots,
	    .n_columns = parts->n_columns,
	    .n_labels = parts->n_labels,
	    .unknown_idf = parts->unknown_idf,
	    .pieces = parts->pieces,
	};
	size_t start = out->len;
	struct kb_buf about;

	memcpy(h.magic, KB_CLASS_MAGIC, sizeof(h.magic));
	kb_buf_init(&about, 0);
	put_about(parts, &about);
	kb_buf_add(out, &h, sizeof(h)); /* its place */
	h.slots = put(out, start, parts->slots);
	h.rows = put(out, start, parts->rows);
	h.columns = put(out, start, parts->columns);
	h.about = put(out, start, kb_buf_str(&about));
	kb_buf_release(&about);
	h.size = out->len - start;
	h.body_crc = kb_crc32c(0, out->ptr + start + sizeof(h),
			       out->len - start - sizeof(h));
	h.crc = kb_crc32c(0, &h, offsetof(struct kb_class_header, crc));
	memcpy(out->ptr + start, &h, sizeof(h));
}
