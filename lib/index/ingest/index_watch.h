/*
 * An index that follows its sources: a refresh whenever something changes
 * below them, one at a time, and from time to time in any case.
 *
 * What the runs say is said when it is new: not again by the next one.
 */
#ifndef KB_INDEX_INGEST_INDEX_WATCH_H
#define KB_INDEX_INGEST_INDEX_WATCH_H

#include "index/ingest/index_run.h"

/*
 * The first run is as it is given; later ones refresh what the index remembers
 * then. Ends with an error of the first run, or by a signal that ends the
 * program, at any time: an index is always whole. every_s: 0 for never.
 */
int kb_index_watch(const struct kb_index_run *run, double every_s,
		   struct kb_err *err);

#endif
