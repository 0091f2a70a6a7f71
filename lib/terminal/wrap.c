#include "terminal/wrap.h"

#include <string.h>
#include <sys/ioctl.h>

#include "base/utf8.h"
#include "terminal/display.h"

#define NARROWEST 20

size_t kb_wrap_width(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

/* Bytes and columns of what stands at p: a character, or a whole escape
 * sequence. */
static size_t step(const char *p, size_t left, size_t *columns)
{
	uint32_t cp;
	size_t n;

	*columns = 0;
	if (*p == '\033' && left > 1 && p[1] == '[') {
		for (n = 2; n < left && !(p[n] >= '@' && p[n] <= '~'); n++)
			;
		return n < left ? n + 1 : left;
	}
	n = kb_utf8_next(p, left, &cp);
	*columns = kb_text_width(p, n);
	return n;
}

static bool stands_in(const char *p, size_t n, const char *list)
{
	return n > 1 && memmem(list, strlen(list), p, n);
}

/* May a line end between the character before, of b bytes, and the one at p? */
static bool may_break(const char *p, size_t n, size_t columns, size_t b,
		      size_t columns_before)
{
	if (p[-1] == ' ')
		return *p != ' ';
	if (stands_in(p, n, "，。、；：！？）】》”’」』…") ||
	    stands_in(p - b, b, "（【《“‘「『"))
		return false;
	return (columns == 2 || columns_before == 2) &&
	       (*p & 0x80 || (*p >= '0' && *p <= 'z'));
}

/* Bytes of s that fit into room columns, ending where a line may. */
static size_t fitting(struct kb_str s, size_t room)
{
	size_t used = 0, at = 0, best = 0, before = 0, columns_before = 0;

	while (at < s.len) {
		size_t columns, n = step(s.ptr + at, s.len - at, &columns);

		if (at && columns &&
		    may_break(s.ptr + at, n, columns, before, columns_before))
			best = at;
		if (used + columns > room)
			return best ? best : at ? at : n;
		used += columns;
		at += n;
		before = n;
		columns_before = columns;
	}
	return s.len;
}

static void wrap_line(struct kb_buf *out, struct kb_str line, size_t width)
{
	size_t indent = 0, room = width;

	while (indent < line.len && line.ptr[indent] == ' ')
		indent++;
	if (indent > width / 2)
		indent = 0;
	for (;;) {
		size_t n = fitting(line, room), end = n;

		while (n < line.len && end && line.ptr[end - 1] == ' ')
			end--;
		kb_buf_add(out, line.ptr, end);
		while (n < line.len && line.ptr[n] == ' ')
			n++;
		line = kb_str_skip(line, n);
		if (!line.len)
			return;
		kb_buf_printf(out, "\n%*s", (int)indent, "");
		room = width - indent;
	}
}

void kb_wrap_text(struct kb_buf *out, struct kb_str text, size_t width)
{
	if (width < NARROWEST) {
		kb_buf_add_str(out, text);
		return;
	}
	while (text.len) {
		const char *end = memchr(text.ptr, '\n', text.len);
		size_t n = end ? (size_t)(end - text.ptr) : text.len;

		wrap_line(out, (struct kb_str){text.ptr, n}, width);
		if (end)
			kb_buf_add_char(out, '\n');
		n += end != NULL;
		text = kb_str_skip(text, n);
	}
}
