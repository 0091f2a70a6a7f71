/* The graph's part in building an index: see legs.h. */
#include <stdlib.h>

#include "graph/graph.h"
#include "index/user_words.h"
#include "index/write/writer_legs.h"

static int begin(void *leg, struct kb_writer *writer,
		 const struct kb_index *index, void **state, struct kb_err *err)
{
	struct kb_str rest = kb_writer_words(writer), word;

	(void)leg;
	(void)index;
	(void)err;
	*state = kb_graph_builder_new();
	while (kb_str_line(&rest, &word))
		kb_graph_add_name(*state, word);
	return 0;
}

static int add(void *state, const struct kb_leg_chunk *chunk,
	       struct kb_err *err)
{
	const struct kb_writer_doc *doc = chunk->document;
	struct kb_graph_chunk c = {
	    .doc = chunk->doc,
	    .chunk_no = chunk->chunk_no,
	    .title = doc->title,
	    .text = chunk->text,
	    .terms = chunk->terms,
	    .title_terms = chunk->title_terms,
	    .triple = {doc->triple[0], doc->triple[1], doc->triple[2]},
	};

	(void)err;
	kb_graph_add(state, &c);
	return 0;
}

static void put_both(struct kb_container *out, const struct kb_buf *entities,
		     const struct kb_buf *edges)
{
	kb_container_put(out, KB_SEC_ENTITIES, false, entities->ptr,
			 entities->len);
	kb_container_put(out, KB_SEC_EDGES, false, edges->ptr, edges->len);
}

static int finish(void *state, struct kb_container *out, uint32_t n_chunks,
		  struct kb_err *err)
{
	struct kb_buf entities = {0}, edges = {0};

	(void)n_chunks;
	(void)err;
	kb_graph_write(state, &entities, &edges);
	put_both(out, &entities, &edges);
	kb_buf_release(&entities);
	kb_buf_release(&edges);
	kb_graph_builder_free(state);
	return 0;
}

static void abandon(void *state)
{
	kb_graph_builder_free(state);
}

static int merge(void *leg, struct kb_writer *writer,
		 const struct kb_leg_input *inputs, size_t n, uint32_t n_chunks,
		 struct kb_container *out, struct kb_err *err)
{
	struct kb_graph *graphs = kb_calloc(n, sizeof(*graphs));
	struct kb_graph_input *in = kb_calloc(n, sizeof(*in));
	struct kb_buf entities = {0}, edges = {0};
	size_t have = 0;
	int rc = 0;

	(void)leg;
	(void)writer;
	for (size_t i = 0; i < n && !rc; i++) {
		const struct kb_section *sec = inputs[i].segment->sec;

		if (!sec[KB_SEC_ENTITIES].ptr || !sec[KB_SEC_EDGES].ptr)
			continue;
		rc = kb_graph_open(&graphs[have], sec[KB_SEC_ENTITIES].ptr,
				   sec[KB_SEC_ENTITIES].len,
				   sec[KB_SEC_EDGES].ptr, sec[KB_SEC_EDGES].len,
				   err);
		if (!rc && graphs[have].n_chunks != inputs[i].segment->n_chunks)
			rc = kb_err_set(err, KB_EFORMAT,
					"graph is damaged: chunks");
		in[have].graph = &graphs[have];
		in[have++].new_chunk = inputs[i].new_chunk;
	}
	if (!rc) {
		kb_graph_merge(in, have, n_chunks, &entities, &edges);
		put_both(out, &entities, &edges);
	}
	kb_buf_release(&entities);
	kb_buf_release(&edges);
	free(graphs);
	free(in);
	return rc;
}

/* Nothing is kept between segments. */
static void renew(void *leg)
{
	(void)leg;
}

const struct kb_leg_ops kb_graph_leg = {
    .name = "graph",
    .renew = renew,
    .begin = begin,
    .add = add,
    .finish = finish,
    .abandon = abandon,
    .merge = merge,
};
