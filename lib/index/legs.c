#include "index/legs.h"

void kb_legs_join(struct kb_legs *legs, struct kb_writer *writer)
{
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
