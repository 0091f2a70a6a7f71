/*
 * When a turn opens a topic, goes on with one, or returns to one: shares of the
 * turn's weight that a thread knows. Private to threads.c.
 *
 * Set by hand on tests/data/dialogues.jsonl. They decide the member 'threads'
 * only: by tests/eval/fit-constants.py context (2026-11-30) what is kept and
 * completed does not change with half or twice of any.
 */
#ifndef KB_CONTEXT_THREADS_WEIGHTS_H
#define KB_CONTEXT_THREADS_WEIGHTS_H

#define STAY	   0.18
#define RETURN	   0.25
#define RETURN_CUE 0.08 /* with words such as "back to" */
#define MORE	   1.3	/* times what the open thread knows, to return */

#endif
