#include "cache/search_worker.h"

#include <stdlib.h>

struct kb_search_worker {
	const struct kb_search_setup *setup;
	struct kb_search *search;
	struct kb_answers *answers; /* or NULL */
	struct kb_buf told;	    /* of the key of answers */
};

int kb_search_worker_open(struct kb_search_worker **out,
			  const struct kb_search_setup *setup,
			  struct kb_err *err)
{
	struct kb_search_worker *w = kb_calloc(1, sizeof(*w));

	*out = w;
	w->setup = setup;
	kb_buf_init(&w->told, 0);
	if (setup->answers.dir) {
		w->answers = kb_answers_new(&setup->answers);
		kb_answers_told(setup->search, &setup->base_options, &w->told);
	}
	return kb_search_open(&w->search, setup->base, setup->search,
			      setup->shared, err);
}

void kb_search_worker_close(struct kb_search_worker *w)
{
	if (!w)
		return;
	kb_search_close(w->search);
	kb_answers_free(w->answers);
	kb_buf_release(&w->told);
	free(w);
}

int kb_search_worker_run(struct kb_search_worker *w, struct kb_rec *rec,
			 const struct kb_request *request, int64_t now_s,
			 bool *found, struct kb_err *err)
{
	if (w->setup->reload) {
		int rc = kb_search_refresh(w->search, &w->setup->base_options,
					   now_s, err);

		if (rc)
			return rc;
	}
	if (!w->answers)
		return kb_record_search(rec, w->search, request, found, err);
	return kb_answers_search(w->answers, rec, w->search, request,
				 kb_buf_str(&w->told), now_s, found, err);
}
