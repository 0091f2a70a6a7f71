/*
 * The inverter in a thread of its own: one thread analyses and adds terms,
 * which go in batches through a pipe to the inverter (invert.h).
 *
 * The batches are few and used in turn: the adding thread waits when the
 * inverter falls behind. A batch that comes back tells what the inverter
 * held after it, so that kb_feed_bytes() does not depend on how fast either
 * thread is.
 */
#ifndef KB_POSTING_INVERT_QUEUE_H
#define KB_POSTING_INVERT_QUEUE_H

#include "base/job_queue.h"
#include "posting/invert.h"

struct kb_feed;

/* An inverter behind the pipe, which outlives it. */
struct kb_feed *kb_feed_new(struct kb_pipe *pipe);
/* Waits for what is in the pipe. */
void kb_feed_free(struct kb_feed *feed);

/* Every term counts 'weight' occurrences in chunk; chunks ascend. */
void kb_feed_add(struct kb_feed *feed, uint32_t chunk,
		 const struct kb_terms *terms, unsigned weight);

/* Bytes held by the inverter and the batches, to compare with a bound. */
size_t kb_feed_bytes(const struct kb_feed *feed);

/* Hand over the last batch; no more adding. */
void kb_feed_flush(struct kb_feed *feed);

/* After the flush, in any thread but the pipe's: wait until all is inverted.
 * The inverter stays the feed's. */
struct kb_invert *kb_feed_finish(struct kb_feed *feed);

#endif
