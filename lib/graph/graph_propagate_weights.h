/*
 * What the graph leg's scores pass from name to chunk to name. Private to
 * walk.c.
 */
#ifndef KB_GRAPH_GRAPH_PROPAGATE_WEIGHTS_H
#define KB_GRAPH_GRAPH_PROPAGATE_WEIGHTS_H

#define SEED	1.0f  /* a chunk about a name of the question */
#define SHARE	3.0f  /* times the name's share of the question's words */
#define OBJECT	0.3f  /* a triple that gives the name as its value */
#define MENTION 0.15f /* a chunk that mentions the name */
#define HOP	0.8f
#define SPREAD	0.25f /* a name with n chunks gives each n^-SPREAD */
#define BEHIND	0.9f  /* of the chunk that led there */
#define NEAR	0.5f
#define SOURCES 10
#define HOPS	2

#endif
