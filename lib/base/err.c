#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int kb_err_set(struct kb_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return code;
	err->code = code;
	err->retryable = code == KB_EBUSY || code == KB_ETIMEOUT;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return code;
}

int kb_err_sys(struct kb_err *err, const char *fmt, ...)
{
	int saved = errno;
	int code = saved == ENOENT ? KB_ENOENT : KB_EIO;
	size_t len;
	va_list ap;

	if (!err)
		return code;
	err->code = code;
	err->retryable = false;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s",
		 strerror(saved));
	errno = saved;
	return code;
}

int kb_err_place(struct kb_err *err, const char *fmt, ...)
{
	char old[sizeof(err->msg)];
	size_t len;
	va_list ap;

	if (!err)
		return 0;
	memcpy(old, err->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
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
	size_t limit = 60, used = 0, i;
	bool cut = len > limit;

	if (cut) {
		while (limit > 0 && ((unsigned char)text[limit] & 0xc0) == 0x80)
			limit--;
		len = limit;
	}
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			used += (size_t)sprintf(dst + used, "\\x%02x", c);
		else
			dst[used++] = (char)c;
	}
	strcpy(dst + used, cut ? "..." : "");
	return dst;
}

void kb_oom(void)
{
	static const char line[] = "kb: out of memory\n";
	ssize_t n = write(2, line, sizeof(line) - 1);

	(void)n;
	_exit(2);
}
