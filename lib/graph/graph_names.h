/*
 * Names by their spelling, for the graph: quotations, runs of words with
 * capitals, codes and long numbers. What is found is reported in the order of
 * the text; whether it may be a name is for the caller to say.
 */
#ifndef KB_GRAPH_GRAPH_NAMES_H
#define KB_GRAPH_GRAPH_NAMES_H

#include "base/mem.h"
#include "text/analyze.h"

/* The text of a chunk, as analysed, and its units (graph.h). */
struct kb_graph_text {
	struct kb_str text;
	const struct kb_terms *terms;
	const uint32_t *at; /* number of each unit's term */
	size_t n;	    /* units */
};

/* 《》, 「」, 『』 and quotation marks: name() gets the units inside, which
 * may be none. */
void kb_graph_quotations(const struct kb_graph_text *t,
			 void (*name)(void *arg, size_t from, size_t to),
			 void *arg);

/* Words with capitals, one space or hyphen apart; one alone only where it
 * does not begin a sentence. */
void kb_graph_capitals(const struct kb_graph_text *t,
		       void (*name)(void *arg, size_t from, size_t to),
		       void *arg);

/* Order numbers, article codes and the like: joined mixed tokens, and digits
 * that are neither a date nor an amount. */
void kb_graph_codes(const struct kb_graph_text *t,
		    void (*name)(void *arg, const struct kb_term *term),
		    void *arg);

#endif
