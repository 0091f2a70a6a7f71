#include "convert/mail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/str.h"

#define READ_SIZE ((size_t)256 << 10)

/* ---- which files ---- */

static bool has_ending(const char *name, const char *ending)
{
	return kb_ends_folded(name, strlen(name), ending) > 0;
}

/* "Received: ..." */
static bool is_header(struct kb_str line)
{
	size_t n = 0;

	while (n < line.len && (kb_is_alnum(line.ptr[n]) || line.ptr[n] == '-'))
		n++;
	return n && n < line.len && line.ptr[n] == ':';
}

/* A line of its own, with an address and a year, before the headers. */
static bool is_mailbox(struct kb_str s)
{
	struct kb_str line;

	if (!kb_starts(s.ptr, s.len, "From ") || !kb_str_line(&s, &line) ||
	    !kb_str_has(line, KB_STR(":")))
		return false;
	return kb_str_line(&s, &line) &&
	       (is_header(line) || kb_starts(line.ptr, line.len, ">From "));
}

/* As a server or a program writes its first header. */
static bool is_message(struct kb_str s)
{
	static const char *const first[] = {
	    "return-path: ",   "received: ",   "delivered-to: ",
	    "x-original-to: ", "message-id: ", "mime-version: "};

	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
		if (kb_starts_folded(s.ptr, s.len, first[i]))
			return true;
	return false;
}

/* ---- messages of a file ---- */

struct mail {
	const char *name;
	int fd;
	bool mailbox, ended;
	size_t max_text;
	uint64_t at;	    /* of what is read next, in the file */
	struct kb_buf read; /* bytes [pos, len) are next */
	size_t pos;
	struct kb_buf message;
	bool truncated, begun;
	uint32_t line, next_line, n; /* of the message; messages so far */
};

/* The next line with its newline; a part of one when it is longer than what is
 * read at once. 1, or 0 at the end. */
static int next_line(struct mail *m, struct kb_str *line, struct kb_err *err)
{
	for (;;) {
		char *from = m->read.ptr + m->pos;
		size_t len = m->read.len - m->pos;
		char *nl = len ? memchr(from, '\n', len) : NULL;
		ssize_t n;

		if (nl || len >= READ_SIZE || (m->ended && len)) {
			*line = (struct kb_str){
			    from, nl ? (size_t)(nl - from) + 1 : len};
			m->pos += line->len;
			return 1;
		}
		if (m->ended)
			return 0;
		if (len)
			memmove(m->read.ptr, from, len);
		m->read.len = len;
		m->pos = 0;
		kb_buf_reserve(&m->read, READ_SIZE);
		n = pread(m->fd, m->read.ptr + len, READ_SIZE, (off_t)m->at);
		if (n < 0 && errno != EINTR)
			return kb_err_sys(err, "cannot be read");
		m->ended = n == 0;
		m->at += n > 0 ? (uint64_t)n : 0;
		m->read.len += n > 0 ? (size_t)n : 0;
	}
}

static bool begins_message(struct kb_str line)
{
	return kb_starts(line.ptr, line.len, "From ") &&
	       kb_str_has(line, KB_STR(":"));
}

static void add_line(struct mail *m, struct kb_str line)
{
	size_t quotes = 0;

	if (m->truncated || m->message.len + line.len > KB_MAIL_MESSAGE_MAX) {
		m->truncated = true;
		return;
	}
	/* ">From " was written for "From " */
	while (m->mailbox && quotes < line.len && line.ptr[quotes] == '>')
		quotes++;
	if (quotes && kb_starts(line.ptr + quotes, line.len - quotes, "From "))
		line = kb_str_skip(line, 1);
	kb_buf_add_str(&m->message, line);
}

/* Gather the next message: 1, or 0 at the end. A line "From " that a blank one
 * stands before begins the next. */
static int gather(struct mail *m, struct kb_err *err)
{
	bool blank = true;
	struct kb_str line = {"", 0};
	int rc;

	kb_buf_reset(&m->message);
	m->truncated = false;
	m->line = m->begun ? m->next_line : 1;
	while ((rc = next_line(m, &line, err)) > 0) {
		bool ends = line.ptr[line.len - 1] == '\n';

		m->next_line += ends;
		if (m->mailbox && blank && begins_message(line)) {
			blank = false;
			if (m->begun)
				return 1;
			m->begun = true;
			m->line = m->next_line;
			continue;
		}
		blank =
		    ends &&
		    !kb_str_trim((struct kb_str){line.ptr, line.len - 1}).len;
		add_line(m, line);
	}
	return rc < 0 ? rc : m->message.len > 0;
}

static int next(void *state, struct kb_arena *arena, struct kb_doc *doc,
		struct kb_err *err)
{
	struct mail *m = state;
	uint32_t line;
	int rc;

	do {
		rc = gather(m, err);
		if (rc <= 0)
			return rc;
		line = m->line;
		rc = kb_mail_read(kb_buf_str(&m->message), m->truncated, arena,
				  doc, m->max_text, err);
	} while (rc == 0);
	if (rc < 0)
		return rc;
	m->n++;
	if (m->mailbox)
		doc->id =
		    kb_str_of(kb_arena_printf(arena, "%s#%u", m->name, m->n));
	doc->line = line;
	for (size_t i = 0; i < doc->n_blocks; i++)
		doc->blocks[i].line = line;
	return 1;
}

static void mail_close(void *state)
{
	struct mail *m = state;

	kb_buf_release(&m->read);
	kb_buf_release(&m->message);
	free(m);
}

int kb_mail_take(const struct kb_doc_file *file, struct kb_doc_feed *feed,
		 struct kb_err *err)
{
	bool mailbox = is_mailbox(file->sample);
	bool named =
	    has_ending(file->name, ".mbox") || has_ending(file->name, ".eml");
	bool other = kb_doc_type_of_name(file->name) != KB_DOC_AUTO;
	struct mail *m;

	if (!named && (other || !(mailbox || is_message(file->sample))))
		return 0;
	if (has_ending(file->name, ".mbox") && !mailbox && file->sample.len)
		return kb_err_set(err, KB_EFORMAT,
				  "is no mailbox: it does not begin with a "
				  "line \"From \"");
	m = kb_calloc(1, sizeof(*m));
	m->name = file->name;
	m->fd = file->fd;
	m->mailbox = mailbox;
	m->max_text = file->max_text;
	kb_buf_init(&m->read, 0);
	kb_buf_init(&m->message, 0);
	kb_buf_reserve(&m->read, READ_SIZE);
	*feed = (struct kb_doc_feed){next, mail_close, m};
	return 1;
}
