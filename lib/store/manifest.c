#include "store/manifest.h"

#include <assert.h>
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "store/container.h"

void kb_manifest_init(struct kb_manifest *m)
{
	*m = (struct kb_manifest){0};
	kb_buf_init(&m->settings, KB_MANIFEST_MAX);
	kb_buf_add_cstr(&m->settings, "{}");
}

void kb_manifest_release(struct kb_manifest *m)
{
	free(m->segments);
	kb_buf_release(&m->settings);
	*m = (struct kb_manifest){0};
}

void kb_manifest_copy(struct kb_manifest *dst, const struct kb_manifest *src)
{
	struct kb_manifest copy = *src;

	copy.segments = NULL;
	copy.cap_segments = 0;
	kb_grow(&copy.segments, &copy.cap_segments, src->n_segments,
		sizeof(*copy.segments));
	if (src->n_segments)
		memcpy(copy.segments, src->segments,
		       src->n_segments * sizeof(*src->segments));
	kb_buf_init(&copy.settings, KB_MANIFEST_MAX);
	kb_buf_add_str(&copy.settings, kb_buf_str(&src->settings));
	kb_manifest_release(dst);
	*dst = copy;
}

struct kb_manifest_segment *kb_manifest_add(struct kb_manifest *m)
{
	struct kb_manifest_segment *s;

	kb_grow(&m->segments, &m->cap_segments, m->n_segments + 1,
		sizeof(*m->segments));
	s = &m->segments[m->n_segments++];
	*s = (struct kb_manifest_segment){0};
	return s;
}

/* ---- text ---- */

static void put_file(struct kb_buf *out, const struct kb_manifest_file *f)
{
	if (!f->name[0])
		kb_buf_add_cstr(out, " - 0 0");
	else
		kb_buf_printf(out, " %s %" PRIu64 " %" PRIu32, f->name, f->size,
			      f->crc);
}

/* The name of a generation is made of all that its manifest says. */
static void name_commit(struct kb_manifest *m, struct kb_str text)
{
	struct kb_hash128 hash = kb_xxh128(text.ptr, text.len, 0);

	snprintf(m->commit, sizeof(m->commit), "%016" PRIx64 "%016" PRIx64,
		 hash.high, hash.low);
}

void kb_manifest_format(struct kb_manifest *m, struct kb_buf *out)
{
	kb_buf_reset(out);
	kb_buf_printf(out, "kb-index %d.%d\ngeneration %" PRIu64 "\n",
		      KB_FORMAT_MAJOR, KB_FORMAT_MINOR, m->generation);
	for (size_t i = 0; i < m->n_segments; i++) {
		const struct kb_manifest_segment *s = &m->segments[i];

		kb_buf_add_cstr(out, "segment");
		put_file(out, &s->file);
		kb_buf_printf(
		    out, " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu64,
		    s->n_docs, s->n_chunks, s->n_live, s->total_length);
		put_file(out, &s->live);
		kb_buf_add_char(out, '\n');
	}
	if (m->sources.name[0]) {
		kb_buf_add_cstr(out, "sources");
		put_file(out, &m->sources);
		kb_buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < m->n_globals; i++) {
		kb_buf_printf(out, "global %s", m->globals[i].slot);
		put_file(out, &m->globals[i].file);
		kb_buf_add_char(out, '\n');
	}
	kb_buf_add_cstr(out, "settings ");
	kb_buf_add_str(out, kb_buf_str(&m->settings));
	kb_buf_add_char(out, '\n');
	name_commit(m, kb_buf_str(out));
	kb_buf_printf(out, "end %" PRIu32 "\n",
		      kb_crc32c(0, out->ptr, out->len));
}

/* Reads the fields of one line; 'ok' falls at the first that is missing. */
struct fields {
	const char *p, *end;
	bool ok;
};

static struct kb_str next_field(struct fields *f)
{
	const char *start;

	if (f->p < f->end && *f->p == ' ')
		f->p++;
	start = f->p;
	while (f->p < f->end && *f->p != ' ')
		f->p++;
	if (f->p == start)
		f->ok = false;
	return (struct kb_str){start, (size_t)(f->p - start)};
}

static uint64_t next_number(struct fields *f, uint64_t max)
{
	struct kb_str s = next_field(f);
	uint64_t v = 0;

	if (s.len > 19)
		f->ok = false;
	for (size_t i = 0; i < s.len && f->ok; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			f->ok = false;
		v = v * 10 + (uint64_t)(s.ptr[i] - '0');
	}
	if (v > max)
		f->ok = false;
	return f->ok ? v : 0;
}

/* Letters, digits, '-' and '.', not beginning with a dot: no name in a
 * manifest can lead out of the directory. */
static void next_name(struct fields *f, char *dst, size_t size)
{
	struct kb_str s = next_field(f);

	dst[0] = '\0';
	if (!s.len || s.len >= size || s.ptr[0] == '.')
		f->ok = false;
	for (size_t i = 0; i < s.len && f->ok; i++)
		if (!isalnum((unsigned char)s.ptr[i]) && s.ptr[i] != '-' &&
		    s.ptr[i] != '.')
			f->ok = false;
	if (f->ok) {
		memcpy(dst, s.ptr, s.len);
		dst[s.len] = '\0';
	}
}

static void next_file(struct fields *f, struct kb_manifest_file *file)
{
	next_name(f, file->name, sizeof(file->name));
	if (file->name[0] == '-')
		file->name[0] = '\0';
	file->size = next_number(f, INT64_MAX);
	file->crc = (uint32_t)next_number(f, UINT32_MAX);
}

static void read_segment(struct fields *f, struct kb_manifest *m)
{
	struct kb_manifest_segment *s;

	if (m->n_segments == KB_MANIFEST_SEGMENTS) {
		f->ok = false;
		return;
	}
	s = kb_manifest_add(m);
	next_file(f, &s->file);
	s->n_docs = (uint32_t)next_number(f, UINT32_MAX);
	s->n_chunks = (uint32_t)next_number(f, UINT32_MAX);
	s->n_live = (uint32_t)next_number(f, s->n_chunks);
	s->total_length = next_number(f, INT64_MAX);
	next_file(f, &s->live);
	if (!s->file.name[0])
		f->ok = false;
}

static void read_global(struct fields *f, struct kb_manifest *m)
{
	size_t i = m->n_globals;

	if (i == KB_MANIFEST_GLOBALS) {
		f->ok = false;
		return;
	}
	next_name(f, m->globals[i].slot, sizeof(m->globals[i].slot));
	next_file(f, &m->globals[i].file);
	m->n_globals++;
}

static bool read_line(struct kb_manifest *m, const char *line, size_t len)
{
	struct fields f = {line, line + len, true};
	struct kb_str what = next_field(&f);

	if (kb_str_is(what, "segment")) {
		read_segment(&f, m);
	} else if (kb_str_is(what, "generation")) {
		m->generation = next_number(&f, INT64_MAX);
	} else if (kb_str_is(what, "sources")) {
		next_file(&f, &m->sources);
	} else if (kb_str_is(what, "global")) {
		read_global(&f, m);
	} else if (kb_str_is(what, "settings")) {
		kb_buf_reset(&m->settings);
		if (f.p < f.end)
			kb_buf_add(&m->settings, f.p + 1,
				   (size_t)(f.end - f.p - 1));
	}
	return f.ok;
}

static int damaged(struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT,
			  "the manifest is damaged; run kb-index --rebuild");
}

/* Where the last line starts, if it holds the right checksum. */
static const char *check_end(const char *text, size_t len)
{
	const char *line;
	struct fields f;

	if (!len || text[len - 1] != '\n')
		return NULL;
	line = memrchr(text, '\n', len - 1);
	if (!line)
		return NULL;
	line++;
	f = (struct fields){line, text + len - 1, true};
	if (!kb_str_is(next_field(&f), "end") ||
	    next_number(&f, UINT32_MAX) !=
		kb_crc32c(0, text, (size_t)(line - text)) ||
	    !f.ok)
		return NULL;
	return line;
}

static int check_version(const char *text, size_t len, struct kb_err *err)
{
	unsigned major = 0;
	size_t i = sizeof(KB_MANIFEST_START) - 1;

	if (len && memcmp(text, KB_MANIFEST_START, len < i ? len : i))
		return kb_err_set(err, KB_EFORMAT,
				  "the file " KB_MANIFEST_NAME
				  " is not one of an index");
	if (len < 16)
		return damaged(err);
	while (i < 16 && text[i] >= '0' && text[i] <= '9')
		major = major * 10 + (unsigned)(text[i++] - '0');
	if (i == 16 || text[i] != '.')
		return damaged(err);
	if (major != KB_FORMAT_MAJOR)
		return kb_err_set(err, KB_EFORMAT,
				  "the index has format %u, this program "
				  "reads %d; run kb-index --rebuild",
				  major, KB_FORMAT_MAJOR);
	return 0;
}

int kb_manifest_parse(struct kb_manifest *m, const char *text, size_t len,
		      struct kb_err *err)
{
	const char *p = text, *end;
	int rc = check_version(text, len, err);

	if (rc < 0)
		return rc;
	end = check_end(text, len);
	if (!end)
		return damaged(err);
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		if (!nl || !read_line(m, p, (size_t)(nl - p)))
			return damaged(err);
		p = nl + 1;
	}
	name_commit(m, (struct kb_str){text, (size_t)(end - text)});
	return 0;
}

/* ---- files ---- */

int kb_manifest_load(struct kb_manifest *m, int dir, const char *path,
		     struct kb_err *err)
{
	struct kb_buf buf;
	int fd, rc;

	fd = openat(dir, KB_MANIFEST_NAME, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return kb_err_sys(err, "cannot open '%s/%s'", path,
				  KB_MANIFEST_NAME);
	kb_buf_init(&buf, 0);
	rc = kb_file_read_fd(fd, KB_MANIFEST_NAME, KB_MANIFEST_MAX, &buf, err);
	if (rc == 0)
		rc = kb_manifest_parse(m, buf.ptr ? buf.ptr : "", buf.len, err);
	if (rc < 0)
		kb_err_place(err, "'%s'", path);
	kb_buf_release(&buf);
	close(fd);
	return rc;
}

static int write_file(struct kb_io *io, const char *name, struct kb_str text,
		      struct kb_err *err)
{
	int file, rc;

	rc = io->ops->create(io, name, &file, err);
	if (rc < 0)
		return rc;
	rc = io->ops->write(io, file, text.ptr, text.len, err);
	if (rc == 0)
		rc = io->ops->sync(io, file, err);
	if (rc < 0)
		io->ops->close(io, file, NULL);
	else
		rc = io->ops->close(io, file, err);
	return rc;
}

int kb_manifest_publish(struct kb_manifest *m, struct kb_io *io,
			struct kb_err *err)
{
	static const char temporary[] = KB_MANIFEST_TMP;
	struct kb_buf text;
	int rc;

	assert(io->ops && io->dir >= 0);
	assert(m->settings.len <= KB_MANIFEST_MAX);
	kb_buf_init(&text, KB_MANIFEST_MAX);
	kb_manifest_format(m, &text);
	if (text.over)
		rc = kb_err_set(err, KB_ELIMIT,
				"the manifest is larger than %zu bytes",
				KB_MANIFEST_MAX);
	else
		rc = io->ops->sync_dir(io, err);
	if (rc == 0)
		rc = write_file(io, temporary, kb_buf_str(&text), err);
	if (rc == 0)
		rc = io->ops->rename(io, temporary, KB_MANIFEST_NAME, err);
	if (rc == 0)
		rc = io->ops->sync_dir(io, err);
	else
		io->ops->remove(io, temporary, NULL);
	kb_buf_release(&text);
	return rc;
}

bool kb_manifest_names(const struct kb_manifest *m, const char *name)
{
	assert(*name);
	for (size_t i = 0; i < m->n_segments; i++)
		if (!strcmp(m->segments[i].file.name, name) ||
		    !strcmp(m->segments[i].live.name, name))
			return true;
	for (size_t i = 0; i < m->n_globals; i++)
		if (!strcmp(m->globals[i].file.name, name))
			return true;
	return !strcmp(m->sources.name, name);
}
