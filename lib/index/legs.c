#include "index/legs.h"

#include "index/writer_impl.h"

/* A leg once left out stays out until a rebuild: a refresh from cron need
 * not repeat the options the index was made with. */
static void remember(struct kb_writer *w, const char *name, bool *left_out)
{
	if (!w->opt.rebuild &&
	    kb_settings_int(kb_writer_settings(w), name, 0) == 1)
		*left_out = true;
	kb_writer_set(w, name, *left_out ? KB_STR("1") : KB_STR(""), NULL);
}

void kb_legs_join(struct kb_legs *legs, struct kb_writer *writer)
{
	remember(writer, "no_graph", &legs->no_graph);
	remember(writer, "no_words", &legs->no_words);
	kb_writer_add_leg(writer, &kb_vector_leg, &legs->vector);
	if (!legs->no_words)
		kb_writer_add_leg(writer, &kb_wordvec_leg, &legs->words);
	if (!legs->no_graph)
		kb_writer_add_leg(writer, &kb_graph_leg, NULL);
}

void kb_legs_release(struct kb_legs *legs)
{
	kb_wordvec_leg_release(&legs->words);
}
