#include "net/http/sse.h"

#include <assert.h>

void kb_sse_init(struct kb_sse *sse, size_t max_event_bytes,
		 void (*on_event)(void *arg, struct kb_str event,
				  struct kb_str data),
		 void *arg)
{
	assert(on_event);
	assert(max_event_bytes > 0);
	memset(sse, 0, sizeof(*sse));
	kb_buf_init(&sse->line, max_event_bytes);
	kb_buf_init(&sse->data, max_event_bytes);
	kb_buf_init(&sse->event, 256);
	sse->on_event = on_event;
	sse->arg = arg;
}

void kb_sse_release(struct kb_sse *sse)
{
	kb_buf_release(&sse->line);
	kb_buf_release(&sse->data);
	kb_buf_release(&sse->event);
}

static void dispatch(struct kb_sse *sse)
{
	if (sse->any_data)
		sse->on_event(sse->arg, kb_buf_str(&sse->event),
			      kb_buf_str(&sse->data));
	kb_buf_reset(&sse->data);
	kb_buf_reset(&sse->event);
	sse->any_data = false;
}

/* One line without its end: "field: value", "field" or ": comment". */
static void take_line(struct kb_sse *sse)
{
	struct kb_str line = kb_buf_str(&sse->line), value;
	const char *colon;
	size_t name;

	if (!line.len) {
		dispatch(sse);
		return;
	}
	colon = memchr(line.ptr, ':', line.len);
	name = colon ? (size_t)(colon - line.ptr) : line.len;
	value.ptr = line.ptr + name + (colon ? 1 : 0);
	value.len = line.len - name - (colon ? 1 : 0);
	if (value.len && value.ptr[0] == ' ') {
		value.ptr++;
		value.len--;
	}
	if (name == 4 && !memcmp(line.ptr, "data", 4)) {
		if (sse->any_data)
			kb_buf_add_char(&sse->data, '\n');
		kb_buf_add_str(&sse->data, value);
		sse->any_data = true;
	} else if (name == 5 && !memcmp(line.ptr, "event", 5)) {
		kb_buf_reset(&sse->event);
		kb_buf_add_str(&sse->event, value);
		sse->event.over = false;
	}
}

static void end_line(struct kb_sse *sse)
{
	if (!sse->started && kb_str_mark(kb_buf_str(&sse->line))) {
		memmove(sse->line.ptr, sse->line.ptr + 3, sse->line.len - 3);
		sse->line.len -= 3;
	}
	sse->started = true;
	take_line(sse);
	kb_buf_reset(&sse->line);
}

static int check_limit(const struct kb_sse *sse, struct kb_err *err)
{
	if (!sse->line.over && !sse->data.over)
		return 0;
	return kb_err_set(err, KB_ELIMIT,
			  "an event of the stream is larger than %zu bytes",
			  sse->data.max);
}

int kb_sse_feed(struct kb_sse *sse, const char *ptr, size_t len,
		struct kb_err *err)
{
	const char *end = ptr + len, *p = ptr;

	while (p < end) {
		const char *start;

		if (sse->after_cr && *p == '\n')
			p++;
		sse->after_cr = false;
		for (start = p; p < end && *p != '\n' && *p != '\r';)
			p++;
		kb_buf_add(&sse->line, start, (size_t)(p - start));
		if (sse->line.over)
			return check_limit(sse, err);
		if (p == end)
			break;
		sse->after_cr = *p++ == '\r';
		end_line(sse);
		if (sse->data.over)
			return check_limit(sse, err);
	}
	return check_limit(sse, err);
}

int kb_sse_end(struct kb_sse *sse, struct kb_err *err)
{
	int rc = check_limit(sse, err);

	if (rc)
		return rc;
	if (sse->line.len)
		end_line(sse);
	dispatch(sse);
	return 0;
}
