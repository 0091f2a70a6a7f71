/*
 * The inverter in a thread of its own: one thread analyses and adds terms,
 * which go in batches through a job queue to the inverter (invert.h).
 *
 * The batches are few and used in turn: the adding thread waits when the
 * inverter falls behind. A batch that comes back tells what the inverter
 * held after it, so that kb_invert_queue_bytes() does not depend on how fast
 * either thread is.
 */
#ifndef KB_POSTING_INVERT_QUEUE_H
#define KB_POSTING_INVERT_QUEUE_H

#include "base/job_queue.h"
#include "posting/invert.h"

struct kb_invert_queue;

/* An inverter behind the job queue, which outlives it. */
struct kb_invert_queue *kb_invert_queue_new(struct kb_job_queue *jobs);
/* Waits for what is in the job queue. */
void kb_invert_queue_free(struct kb_invert_queue *queue);

/* Every term counts 'weight' occurrences in chunk; chunks ascend. */
void kb_invert_queue_add(struct kb_invert_queue *queue, uint32_t chunk,
			 const struct kb_terms *terms, unsigned weight);

/* Bytes held by the inverter and the batches, to compare with a bound. */
size_t kb_invert_queue_bytes(const struct kb_invert_queue *queue);

/* Hand over the last batch; no more adding. */
void kb_invert_queue_flush(struct kb_invert_queue *queue);

/* After the flush, in any thread but the job queue's: wait until all is
 * inverted. The inverter stays the queue's. */
struct kb_invert *kb_invert_queue_finish(struct kb_invert_queue *queue);

#endif
