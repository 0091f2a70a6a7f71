#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file_out.h"
#include "base/visible.h"

/* Of a place, at least so much is shown. */
enum { PLACE_MIN = 160 };

/* Cut the message to len bytes at most, at a character's border. */
static void cut(struct kb_err *err, size_t len)
{
	if (strlen(err->msg) <= len)
		return;
	while (len > 3 && kb_utf8_is_inner(err->msg[len - 3]))
		len--;
	strcpy(err->msg + len - 3, "...");
}

enum { ESCAPE_MAX = 11 }; /* \U and eight digits, NUL */

/* The character at text.ptr[*pos], which is passed; an escape and a NUL in
 * place of a hidden one. Returns the bytes written, ESCAPE_MAX at most. */
static size_t put_escaped(char *dst, struct kb_str text, size_t *pos)
{
	uint32_t cp;
	bool hidden;
	size_t from = *pos, n = kb_visible_next(text, from, &cp, &hidden);

	*pos += n;
	if (!hidden) {
		memcpy(dst, text.ptr + from, n);
		return n;
	}
	if (n == 1)
		return (size_t)sprintf(dst, "\\x%02x",
				       (unsigned char)text.ptr[from]);
	return (size_t)sprintf(dst, cp > 0xffff ? "\\U%08x" : "\\u%04x", cp);
}

/* A name may hold a newline or steer a terminal; a message may not. */
static void escape(struct kb_err *err)
{
	char old[sizeof(err->msg)];
	struct kb_str text;
	size_t used = 0, pos = 0;
	const char *p = err->msg;

	while (*p >= 0x20 && *p < 0x7f)
		p++;
	if (!*p)
		return;
	strcpy(old, err->msg);
	text = kb_str_of(old);
	while (pos < text.len && used + ESCAPE_MAX < sizeof(err->msg))
		used += put_escaped(err->msg + used, text, &pos);
	err->msg[used] = '\0';
}

int kb_err_set(struct kb_err *err, int code, const char *fmt, ...)
{
	va_list ap;
	int len;

	if (!err)
		return code;
	err->code = code;
	err->retryable = code == KB_EBUSY || code == KB_ETIMEOUT;
	va_start(ap, fmt);
	len = vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	if (len >= (int)sizeof(err->msg))
		cut(err, sizeof(err->msg) - 2);
	escape(err);
	return code;
}

int kb_err_sys(struct kb_err *err, const char *fmt, ...)
{
	int saved = errno;
	int code = saved == ENOENT ? KB_ENOENT : KB_EIO;
	const char *reason = strerror(saved);
	size_t len;
	va_list ap;

	if (!err)
		return code;
	err->code = code;
	err->retryable = false;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	/* However long the name is, the reason stays. */
	escape(err);
	cut(err, sizeof(err->msg) - strlen(reason) - 3);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", reason);
	errno = saved;
	return code;
}

int kb_err_place(struct kb_err *err, const char *fmt, ...)
{
	char old[sizeof(err->msg)];
	size_t len;
	va_list ap;

	if (!err)
		return KB_EINVAL;
	memcpy(old, err->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	escape(err);
	len = strlen(old) + 3;
	cut(err, len + PLACE_MIN < sizeof(old) ? sizeof(old) - len : PLACE_MIN);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", old);
	return err->code;
}

const char *kb_code_name(int code)
{
	switch (code) {
	case KB_OK:
		return "ok";
	case KB_EINVAL:
		return "invalid";
	case KB_ELIMIT:
		return "limit";
	case KB_EIO:
		return "io";
	case KB_ENOENT:
		return "missing";
	case KB_EFORMAT:
		return "format";
	case KB_EBUSY:
		return "busy";
	case KB_EREMOTE:
		return "remote";
	case KB_ETIMEOUT:
		return "timeout";
	case KB_ECLOSED:
		return "closed";
	}
	return "unknown";
}

const char *kb_err_quote(char *dst, const char *text, size_t len)
{
	size_t limit = 60, used = 0, i = 0;
	bool cut = len > limit;

	if (cut) {
		while (limit > 0 && kb_utf8_is_inner(text[limit]))
			limit--;
		len = limit;
	}
	while (i < len)
		used += put_escaped(dst + used, (struct kb_str){text, len}, &i);
	strcpy(dst + used, cut ? "..." : "");
	return dst;
}

/* Also called by a signal: nothing here allocates or locks. */
void kb_die(const char *why)
{
	const char *const parts[] = {program_invocation_short_name, ": ", why,
				     "\n"};
	char line[160];
	size_t n = 0;
	ssize_t done;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		for (const char *p = parts[i]; *p && n < sizeof(line); p++)
			line[n++] = *p;
	done = write(2, line, n);
	(void)done;
	kb_file_out_remove_all();
	_exit(2);
}

void kb_oom(void)
{
	kb_die("out of memory");
}
