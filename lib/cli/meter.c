#include "cli/meter.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file_out.h"
#include "terminal/wrap.h"
#include "json/write.h"

/* Records of which what follows takes long enough to be told. */
#define KB_METER_MANY 5000

static unsigned step_of(uint64_t ns)
{
	unsigned octave;

	if (ns < 16)
		return (unsigned)ns;
	octave = 63 - (unsigned)__builtin_clzll(ns);
	return (octave - 3) * 16 + (unsigned)(ns >> (octave - 4) & 15);
}

static uint64_t top_of(unsigned step)
{
	unsigned octave = step / 16 + 3;

	if (step < 16)
		return step;
	return ((uint64_t)(16 + step % 16 + 1) << (octave - 4)) - 1;
}

void kb_meter_latency(struct kb_meter *meter, uint64_t ns)
{
	meter->latency[step_of(ns)]++;
	meter->latency_n++;
	if (ns > meter->latency_max_ns)
		meter->latency_max_ns = ns;
}

/* Upper bound of the p-th part (0..1) of all latencies, ns. */
static uint64_t percentile(const struct kb_meter *meter, double p)
{
	uint64_t want = (uint64_t)(p * (double)meter->latency_n), seen = 0;

	for (unsigned i = 0; i < KB_METER_STEPS; i++) {
		seen += meter->latency[i];
		if (seen > want || (seen && seen == meter->latency_n))
			return top_of(i) < meter->latency_max_ns
				   ? top_of(i)
				   : meter->latency_max_ns;
	}
	return 0;
}

/* One line, cut where the terminal ends: one that wraps is not erased. */
static void draw(struct kb_meter *meter, const char *line)
{
	size_t width = kb_wrap_width(STDERR_FILENO);

	meter->drawn = true;
	meter->shown_ns = kb_clock_ns();
	fprintf(stderr, "\r\033[K%.*s", (int)(width > 1 ? width - 1 : 79),
		line);
	fflush(stderr);
}

void kb_meter_progress(struct kb_meter *meter, uint64_t done, uint64_t all)
{
	char line[200], left[64] = "";
	uint64_t now;
	double seconds;

	if (!meter->progress)
		return;
	now = kb_clock_ns();
	seconds = (double)(now - meter->start_ns) / 1e9;
	if (seconds < 2 || now - meter->shown_ns < 500000000u)
		return;
	if (all && done && done <= all)
		snprintf(left, sizeof(left), ", %.0f%%, %.0f s left",
			 100.0 * (double)done / (double)all,
			 seconds * ((double)all / (double)done - 1));
	snprintf(line, sizeof(line), "%s: %llu records, %.0f/s%s",
		 meter->program, (unsigned long long)meter->records_in,
		 (double)meter->records_in / seconds, left);
	draw(meter, line);
}

void kb_meter_show(void *arg, uint64_t records, uint64_t done, uint64_t all)
{
	struct kb_meter *meter = arg;

	meter->records_in = records;
	kb_meter_progress(meter, done, all);
}

void kb_meter_phase(void *arg, const char *phase)
{
	struct kb_meter *meter = arg;
	char line[200];

	if (!meter->progress || (kb_clock_ns() - meter->start_ns < 2000000000 &&
				 meter->records_in < KB_METER_MANY))
		return;
	snprintf(line, sizeof(line), "%s: %llu records, %s", meter->program,
		 (unsigned long long)meter->records_in, phase);
	draw(meter, line);
}

void kb_meter_clear(struct kb_meter *meter)
{
	if (meter->drawn)
		fputs("\r\033[K", stderr);
	meter->drawn = false;
}

void kb_meter_say(const struct kb_meter *meter)
{
	double seconds = (double)(kb_clock_ns() - meter->start_ns) / 1e9;

	fprintf(stderr,
		"%s: %llu records, %llu with errors, %llu skipped, %llu lines "
		"no records; %.1f s\n",
		meter->program, (unsigned long long)meter->records_in,
		(unsigned long long)meter->errors,
		(unsigned long long)meter->skipped,
		(unsigned long long)meter->dead, seconds);
}

static void add_ms(struct kb_jw *w, const char *name, uint64_t ns)
{
	kb_jw_key(w, name);
	kb_jw_fixed(w, (double)ns / 1e6, 3);
}

int kb_meter_write(const struct kb_meter *meter, const char *path,
		   struct kb_str members, struct kb_err *err)
{
	struct rusage usage;
	struct kb_buf buf;
	struct kb_jw w;
	struct kb_file_out file;
	int rc;

	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	getrusage(RUSAGE_SELF, &usage);
	kb_jw_obj(&w);
	kb_jw_key(&w, "program");
	kb_jw_cstr(&w, meter->program);
	kb_jw_count(&w, "records_in", meter->records_in);
	kb_jw_count(&w, "records_out", meter->records_out);
	kb_jw_count(&w, "errors", meter->errors);
	kb_jw_count(&w, "dropped", meter->dropped);
	kb_jw_count(&w, "skipped", meter->skipped);
	kb_jw_count(&w, "dead_letters", meter->dead);
	kb_jw_count(&w, "bytes_in", meter->bytes_in);
	kb_jw_count(&w, "bytes_out", meter->bytes_out);
	add_ms(&w, "elapsed_ms", kb_clock_ns() - meter->start_ns);
	kb_jw_key(&w, "cpu_ms");
	kb_jw_fixed(
	    &w,
	    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3,
	    3);
	kb_jw_count(&w, "peak_rss_bytes", (uint64_t)usage.ru_maxrss * 1024);
	kb_jw_key(&w, "latency");
	kb_jw_obj(&w);
	kb_jw_count(&w, "n", meter->latency_n);
	add_ms(&w, "p50_ms", percentile(meter, 0.5));
	add_ms(&w, "p95_ms", percentile(meter, 0.95));
	add_ms(&w, "p99_ms", percentile(meter, 0.99));
	add_ms(&w, "max_ms", meter->latency_max_ns);
	kb_jw_end(&w);
	if (members.len) {
		kb_buf_add_char(&buf, ',');
		kb_buf_add_str(&buf, members);
	}
	kb_buf_add_cstr(&buf, "}\n");
	rc = kb_file_out_open(&file, path, KB_FILE_OUT_WHOLE, err);
	if (!rc)
		rc = kb_file_out_write(&file, buf.ptr, buf.len, err);
	if (!rc)
		rc = kb_file_out_publish(&file, err);
	if (!rc)
		rc = kb_file_out_close(&file, err);
	kb_file_out_release(&file);
	kb_buf_release(&buf);
	return rc;
}
