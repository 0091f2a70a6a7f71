#include "index/columns.h"

#include "index/columns_impl.h"
#include "index/segment_file.h"

static bool find_head(struct kb_section sec, size_t head_size,
		      struct kb_str name, void *head)
{
	struct kb_columns_header h;

	if (sec.len < sizeof(h) || name.len > KB_COLUMN_NAME_MAX)
		return false;
	memcpy(&h, sec.ptr, sizeof(h));
	if (h.n > KB_COLUMNS_MAX + 2 || sec.len - sizeof(h) < h.n * head_size)
		return false;
	for (uint32_t i = 0; i < h.n; i++) {
		const char *p =
		    (const char *)sec.ptr + sizeof(h) + i * head_size;

		if (!memcmp(p, name.ptr, name.len) && !p[name.len]) {
			memcpy(head, p, head_size);
			return true;
		}
	}
	return false;
}

/* n items of size bytes at an offset lie in the section, aligned. */
static bool is_inside(struct kb_section sec, uint64_t offset, uint64_t n,
		      size_t size)
{
	return offset <= sec.len && offset % size == 0 &&
	       n <= (sec.len - offset) / size;
}

struct keyword_view {
	const uint32_t *texts, *starts, *docs;
	const char *text;
	size_t text_len;
	uint32_t n_values, n_entries;
};

static bool open_keyword(const struct kb_segment *seg, struct kb_str name,
			 struct keyword_view *v)
{
	struct kb_section sec = seg->sec[KB_SEC_KEYWORDS];
	struct kb_keyword_head h;

	if (!find_head(sec, sizeof(h), name, &h) ||
	    !is_inside(sec, h.texts, (uint64_t)h.n_values + 1, 4) ||
	    !is_inside(sec, h.starts, (uint64_t)h.n_values + 1, 4) ||
	    !is_inside(sec, h.docs, h.n_entries, 4) ||
	    !is_inside(sec, h.text, h.text_len, 1))
		return false;
	v->texts = (const void *)(sec.ptr + h.texts);
	v->starts = (const void *)(sec.ptr + h.starts);
	v->docs = (const void *)(sec.ptr + h.docs);
	v->text = (const char *)sec.ptr + h.text;
	v->text_len = (size_t)h.text_len;
	v->n_values = h.n_values;
	v->n_entries = h.n_entries;
	return true;
}

static struct kb_str value_text(const struct keyword_view *v, uint32_t i)
{
	uint32_t from = v->texts[i], to = v->texts[i + 1];

	if (from > to || to > v->text_len)
		return (struct kb_str){"", 0};
	return (struct kb_str){v->text + from, to - from};
}

static size_t value_docs(const struct keyword_view *v, uint32_t i,
			 const uint32_t **docs)
{
	uint32_t from = v->starts[i], to = v->starts[i + 1];

	*docs = v->docs;
	if (from > to || to > v->n_entries)
		return 0;
	*docs = v->docs + from;
	return to - from;
}

bool kb_columns_keyword(const struct kb_segment *seg, struct kb_str name,
			struct kb_str value, const uint32_t **docs, size_t *n)
{
	struct keyword_view v;
	uint32_t lo = 0, hi;

	*n = 0;
	if (!open_keyword(seg, name, &v))
		return false;
	hi = v.n_values;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = kb_str_cmp(value_text(&v, mid), value);

		if (c == 0) {
			*n = value_docs(&v, mid, docs);
			return true;
		}
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return true;
}

void kb_columns_values(const struct kb_segment *seg, struct kb_str name,
		       bool (*fn)(void *arg, struct kb_str value, size_t n),
		       void *arg)
{
	struct keyword_view v;
	const uint32_t *docs;

	if (!open_keyword(seg, name, &v))
		return;
	for (uint32_t i = 0; i < v.n_values; i++)
		if (!fn(arg, value_text(&v, i), value_docs(&v, i, &docs)))
			return;
}

const double *kb_columns_numbers(const struct kb_segment *seg,
				 struct kb_str name)
{
	struct kb_section sec = seg->sec[KB_SEC_NUMBERS];
	struct kb_number_head h;

	if (!find_head(sec, sizeof(h), name, &h) ||
	    !is_inside(sec, h.values, seg->n_docs, sizeof(double)))
		return NULL;
	return (const void *)(sec.ptr + h.values);
}

void kb_columns_mark(const struct kb_segment *seg, const uint32_t *docs,
		     size_t n, uint64_t *bits)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t first, count;

		if (!kb_segment_doc_chunks(seg, docs[i], &first, &count))
			continue;
		for (uint32_t c = first; c < first + count; c++)
			bits[c / 64] |= (uint64_t)1 << (c % 64);
	}
}
