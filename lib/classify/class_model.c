#include "classify/class_model.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "json/rec.h"

static int damaged(const char *name, const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT,
			  "'%s' is damaged: %s; train the model again", name,
			  what);
}

/* ---- header ---- */

static bool inside(const struct kb_class_section *s, size_t len)
{
	return s->offset >= sizeof(struct kb_class_header) &&
	       s->offset % 16 == 0 && s->offset <= len &&
	       s->length <= len - s->offset;
}

static bool good_shape(const struct kb_class_header *h)
{
	return h->n_slots && !(h->n_slots & (h->n_slots - 1)) &&
	       h->slots.length == h->n_slots * sizeof(struct kb_class_slot) &&
	       h->n_labels >= 1 && h->n_labels <= h->n_columns &&
	       h->n_columns <= KB_CLASS_COLUMNS &&
	       h->columns.length ==
		   h->n_columns * sizeof(struct kb_class_column) &&
	       h->unknown_idf >= 0 && h->unknown_idf <= 1e6f &&
	       h->pieces >= 0 && h->pieces <= 1;
}

static int check_header(const struct kb_class_header *h, const void *ptr,
			size_t len, const char *name, struct kb_err *err)
{
	if (memcmp(h->magic, KB_CLASS_MAGIC, sizeof(h->magic)) != 0)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' is no model of text-classify; "
				  "'text-classify train -o FILE' makes one",
				  name);
	if (len < sizeof(*h))
		return damaged(name, "cut short", err);
	if (kb_crc32c(0, h, offsetof(struct kb_class_header, crc)) != h->crc)
		return damaged(name, "header checksum differs", err);
	if (h->major != KB_CLASS_MAJOR)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' has format %u.%u, this program reads "
				  "%d.x; train the model again",
				  name, h->major, h->minor, KB_CLASS_MAJOR);
	if (h->size != len)
		return damaged(name, "cut short", err);
	if (kb_crc32c(0, (const char *)ptr + sizeof(*h), len - sizeof(*h)) !=
	    h->body_crc)
		return damaged(name, "checksum differs", err);
	if (!inside(&h->slots, len) || !inside(&h->rows, len) ||
	    !inside(&h->columns, len) || !inside(&h->about, len) ||
	    !good_shape(h))
		return damaged(name, "a section lies outside", err);
	return 0;
}

/* ---- rows ---- */

static bool good_row(const struct kb_class_model *m, uint64_t at, uint64_t len)
{
	const struct kb_class_row *row = (const void *)(m->rows + at);
	const uint16_t *columns = (const void *)(row + 1);
	uint64_t room, n;

	if (at > len || len - at < sizeof(*row) || !(row->idf >= 0) ||
	    row->idf > 1e6f)
		return false;
	room = len - at - sizeof(*row);
	if (row->n == KB_CLASS_DENSE) {
		n = m->n_columns + (KB_CLASS_PAD - 1);
		return n - n % KB_CLASS_PAD <= room;
	}
	if (row->n > m->n_columns || row->n * UINT64_C(3) > room)
		return false;
	for (uint32_t i = 0; i < row->n; i++)
		if (columns[i] >= m->n_columns)
			return false;
	return true;
}

/* A free slot ends every search. */
static bool good_slots(const struct kb_class_model *m, uint64_t rows_len)
{
	size_t n_free = 0;

	for (uint32_t i = 0; i < m->n_slots; i++) {
		uint32_t row = m->slots[i].row;

		n_free += !row;
		if (row && !good_row(m, (uint64_t)(row - 1) * 4, rows_len))
			return false;
	}
	for (uint32_t c = 0; c < m->n_columns; c++)
		if (!isfinite(m->columns[c].scale) ||
		    !isfinite(m->columns[c].bias))
			return false;
	return n_free > 0;
}

/* ---- about ---- */

static bool take_labels(struct kb_class_model *m, struct kb_json list)
{
	struct kb_json_iter it = kb_json_iter(list);
	struct kb_class_about *a = &m->about;
	size_t n = 0;

	if (list.type != KB_JSON_ARRAY)
		return false;
	a->labels =
	    kb_arena_alloc(&m->arena, m->n_columns * sizeof(*a->labels));
	for (; kb_json_next(&it); n++)
		if (n >= m->n_columns ||
		    !kb_json_str(it.val, &m->arena, &a->labels[n]) ||
		    a->labels[n].len > KB_CLASS_LABEL_MAX)
			return false;
	return n == m->n_columns;
}

static bool take_parents(struct kb_class_model *m, struct kb_json list)
{
	struct kb_json_iter it = kb_json_iter(list);
	struct kb_class_about *a = &m->about;
	size_t n = 0;

	a->parent = kb_arena_alloc(&m->arena, m->n_labels * sizeof(*a->parent));
	for (uint32_t i = 0; i < m->n_labels; i++)
		a->parent[i] = KB_CLASS_NO_PARENT;
	if (m->n_labels == m->n_columns)
		return true;
	for (; kb_json_next(&it); n++) {
		int64_t column;

		if (n >= m->n_labels || !kb_json_int(it.val, &column) ||
		    column >= m->n_columns ||
		    (column >= 0 && column < m->n_labels))
			return false;
		if (column >= 0)
			a->parent[n] = (uint32_t)column;
	}
	return n == m->n_labels;
}

/* Numbers of an array, rising; false: they are not, or of another number. */
static bool take_rising(struct kb_class_model *m, struct kb_json list,
			size_t most, const double **out, size_t *n)
{
	struct kb_json_iter it = kb_json_iter(list);
	size_t count = kb_json_count(list), i = 0;
	double *x;

	if (count > most)
		return false;
	x = kb_arena_alloc(&m->arena, (count + 1) * sizeof(*x));
	for (; kb_json_next(&it); i++)
		if (!kb_json_num(it.val, &x[i]) || !isfinite(x[i]) ||
		    (i && x[i] < x[i - 1]))
			return false;
	*out = x;
	*n = count;
	return true;
}

static bool take_knots(struct kb_class_model *m, struct kb_json all,
		       struct kb_calibration *c)
{
	const double *z = NULL, *p = NULL;
	struct kb_knot *knots;
	size_t n = 0, n_p = 0;

	if (!take_rising(m, kb_json_get(all, "z"), KB_CALIBRATION_KNOTS, &z,
			 &n) ||
	    !take_rising(m, kb_json_get(all, "p"), KB_CALIBRATION_KNOTS, &p,
			 &n_p) ||
	    !n || n != n_p || p[0] < 0 || p[n - 1] > 1)
		return false;
	knots = kb_arena_alloc(&m->arena, n * sizeof(*knots));
	for (size_t i = 0; i < n; i++)
		knots[i] = (struct kb_knot){z[i], p[i]};
	c->kind = KB_CALIBRATION_ISOTONIC;
	c->knots = knots;
	c->n_knots = n;
	return true;
}

static bool take_scale(struct kb_class_model *m, struct kb_json all,
		       struct kb_class_scale *scale)
{
	struct kb_calibration *c = &scale->calibration;

	if (all.type == KB_JSON_NONE)
		return true;
	if (kb_json_get(all, "z").type != KB_JSON_NONE) {
		if (!take_knots(m, all, c))
			return false;
	} else if (kb_json_num(kb_json_get(all, "slope"), &c->slope)) {
		c->kind = KB_CALIBRATION_PLATT;
		if (!kb_json_num(kb_json_get(all, "offset"), &c->offset) ||
		    !isfinite(c->slope) || !isfinite(c->offset) || c->slope < 0)
			return false;
	}
	return take_rising(m, kb_json_get(all, "kept"), KB_CLASS_KEPT + 1,
			   &scale->kept, &scale->n_kept) &&
	       (!scale->n_kept || scale->n_kept == KB_CLASS_KEPT + 1);
}

static bool take_about(struct kb_class_model *m, struct kb_str text)
{
	struct kb_class_about *a = &m->about;
	struct kb_json all;
	int64_t n;

	if (kb_json_check(text.ptr, text.len, &all, NULL) ||
	    !take_labels(m, kb_json_get(all, "labels")) ||
	    !take_parents(m, kb_json_get(all, "parent")) ||
	    !take_scale(m, kb_json_get(all, "scale"), &a->scale[0]) ||
	    !take_scale(m, kb_json_get(all, "parent_scale"), &a->scale[1]))
		return false;
	if (kb_json_int(kb_json_get(all, "records"), &n) && n >= 0)
		a->records = (uint64_t)n;
	if (kb_json_int(kb_json_get(all, "calibrated"), &n) && n >= 0)
		a->calibrated = (uint64_t)n;
	a->date = (struct kb_str){NULL, 0};
	kb_json_str(kb_json_get(all, "date"), &m->arena, &a->date);
	if (!kb_json_num(kb_json_get(all, "accuracy"), &a->accuracy))
		a->accuracy = -1;
	return true;
}

/* ---- opening ---- */

int kb_class_model_parse(struct kb_class_model *m, const void *ptr, size_t len,
			 const char *name, struct kb_err *err)
{
	struct kb_class_header h = {.major = 0};
	int rc;

	*m = (struct kb_class_model){.ptr = ptr, .len = len};
	kb_arena_init(&m->arena);
	memcpy(&h, ptr, len < sizeof(h) ? len : sizeof(h));
	rc = check_header(&h, ptr, len, name, err);
	if (rc < 0)
		return rc;
	m->n_slots = h.n_slots;
	m->n_columns = h.n_columns;
	m->n_labels = h.n_labels;
	m->unknown_idf = h.unknown_idf;
	m->pieces = h.pieces;
	m->slots = (const void *)(m->ptr + h.slots.offset);
	m->rows = m->ptr + h.rows.offset;
	m->columns = (const void *)(m->ptr + h.columns.offset);
	if (!good_slots(m, h.rows.length))
		return damaged(name, "a weight lies outside", err);
	if (!take_about(m,
			(struct kb_str){(const char *)m->ptr + h.about.offset,
					(size_t)h.about.length}))
		return damaged(name, "its description", err);
	return 0;
}

int kb_class_model_open(struct kb_class_model *m, const char *path,
			struct kb_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	struct stat st;
	void *ptr;

	*m = (struct kb_class_model){.mapped = false};
	kb_arena_init(&m->arena);
	if (fd < 0)
		return kb_err_sys(err, "cannot open '%s'", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !st.st_size ||
	    (uint64_t)st.st_size > KB_CLASS_FILE_MAX) {
		close(fd);
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' is no model of text-classify", path);
	}
	ptr = mmap(NULL, (size_t)st.st_size, PROT_READ,
		   MAP_SHARED | MAP_POPULATE, fd, 0);
	if (ptr == MAP_FAILED)
		rc = kb_err_sys(err, "cannot map '%s'", path);
	else
		rc =
		    kb_class_model_parse(m, ptr, (size_t)st.st_size, path, err);
	m->mapped = ptr != MAP_FAILED;
	close(fd);
	return rc;
}

void kb_class_model_release(struct kb_class_model *m)
{
	if (m->mapped)
		munmap((void *)(uintptr_t)m->ptr, m->len);
	kb_arena_release(&m->arena);
	*m = (struct kb_class_model){.mapped = false};
}
