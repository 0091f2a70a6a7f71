#include <stdlib.h>

#include "base/hash.h"
#include "classify/class_run.h"

static int by_doubt(const void *a, const void *b)
{
	const struct kb_class_selected *x = a, *y = b;

	if (x->margin != y->margin)
		return x->margin < y->margin ? -1 : 1;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Sort, leave a text that was there before out, and all beyond what is wanted:
 * what stays does not depend on the order that records came in. */
static void prune(struct kb_class_run *run)
{
	struct kb_class_selected *s = run->selected;
	size_t n = 0;

	if (!run->n_selected)
		return;
	qsort(s, run->n_selected, sizeof(*s), by_doubt);
	for (size_t i = 0; i < run->n_selected; i++) {
		bool again = n && s[i].margin == s[n - 1].margin &&
			     s[i].hash == s[n - 1].hash;

		if (again || n == run->is.wanted)
			free(s[i].line);
		else
			s[n++] = s[i];
	}
	run->n_selected = n;
	if (n == run->is.wanted)
		run->worst = s[n - 1].margin;
}

void kb_class_select(struct kb_class_run *run, struct kb_str text,
		     double margin, uint64_t number, const struct kb_rec *rec,
		     struct kb_buf *buf)
{
	pthread_mutex_lock(&run->lock);
	if (margin <= run->worst) {
		kb_buf_reset(buf);
		kb_rec_write(rec, buf);
		kb_grow(&run->selected, &run->cap_selected, run->n_selected + 1,
			sizeof(*run->selected));
		run->selected[run->n_selected++] = (struct kb_class_selected){
		    .margin = margin,
		    .hash = kb_xxh64(text.ptr, text.len, 0),
		    .number = number,
		    .line = kb_strndup(buf->ptr, buf->len),
		    .len = buf->len,
		};
		if (run->n_selected >= 2 * run->is.wanted)
			prune(run);
	}
	pthread_mutex_unlock(&run->lock);
}

void kb_class_select_report(struct kb_class_run *run, struct kb_buf *out)
{
	prune(run);
	for (size_t i = 0; i < run->n_selected; i++) {
		kb_buf_add(out, run->selected[i].line, run->selected[i].len);
		kb_buf_add_char(out, '\n');
	}
}
