/*
 * What a run counts: records, bytes, errors, latencies; --stats, --progress.
 *
 * Latencies go into a histogram with 16 steps an octave (error below 3 %),
 * so memory is constant and percentiles need no sorting.
 */
#ifndef KB_CLI_METER_H
#define KB_CLI_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

#define KB_METER_STEPS (64 * 16)

struct kb_meter {
	const char *program;
	uint64_t start_ns;
	uint64_t records_in, records_out;
	uint64_t errors; /* records written with an error, own or passed on */
	uint64_t dropped, skipped, dead;
	uint64_t bytes_in, bytes_out;
	uint64_t latency[KB_METER_STEPS];
	uint64_t latency_n, latency_max_ns;
	bool progress; /* draw it */
	uint64_t shown_ns;
	bool drawn;
};

void kb_meter_latency(struct kb_meter *meter, uint64_t ns);
/* Redraw at most twice a second, not in the first two seconds. done and
 * all are bytes of input; all may be 0: unknown. */
void kb_meter_progress(struct kb_meter *meter, uint64_t done, uint64_t all);
/* For a run that is given functions to tell with; arg is the meter. Records
 * read, and bytes done of all. */
void kb_meter_show(void *arg, uint64_t records, uint64_t done, uint64_t all);
/* ... what is done now, of which nobody knows how long it takes: after two
 * seconds, or many records. It stands until the next call. */
void kb_meter_phase(void *arg, const char *phase);
void kb_meter_clear(struct kb_meter *meter);
/* One line on standard error with the counts and the time: for -v. */
void kb_meter_say(const struct kb_meter *meter);
/* Write the object of --stats; members are the filter's, or empty. */
int kb_meter_write(const struct kb_meter *meter, const char *path,
		   struct kb_str members, struct kb_err *err);

#endif
