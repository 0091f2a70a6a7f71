#include "convert/convert.h"

#include <stdlib.h>

#include "base/env.h"
#include "base/hash.h"
#include "base/str.h"
#include "convert/mail.h"
#include "convert/office/office.h"
#include "convert/pdf.h"

/* Old Office files, and encrypted ones of today, are OLE compound files. */
#define OLE_MAGIC "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

/* ---- Office ---- */

struct office_feed {
	struct kb_office office;
	struct kb_zip zip;
	const struct kb_office_format *format;
	void *state;
};

static int office_next(void *state, struct kb_arena *arena, struct kb_doc *doc,
		       struct kb_err *err)
{
	struct office_feed *f = state;

	return f->format->next(&f->office, f->state, arena, doc, err);
}

static void office_close(void *state)
{
	struct office_feed *f = state;

	if (f->format)
		f->format->end(f->state);
	kb_arena_release(&f->office.arena);
	kb_zip_close(&f->zip);
	free(f);
}

/* What the archive holds says what it is. */
static const struct kb_office_format *format_of(struct kb_zip *zip)
{
	static const struct {
		const char *part;
		const struct kb_office_format *format;
	} parts[] = {
	    {"word/document.xml", &kb_office_word},
	    {"META-INF/container.xml", &kb_office_epub},
	    {"content.xml", &kb_office_odf},
	    {"xl/workbook.xml", &kb_office_excel},
	    {"ppt/presentation.xml", &kb_office_slides},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (kb_zip_find(zip, kb_str_of(parts[i].part)))
			return parts[i].format;
	return NULL;
}

static int take_office(const struct kb_doc_file *file,
		       const struct kb_office_format *format,
		       struct kb_doc_feed *feed, struct kb_err *err)
{
	struct office_feed *f = kb_calloc(1, sizeof(*f));
	int rc = kb_zip_open(&f->zip, file->fd, err);

	f->office = (struct kb_office){
	    .zip = &f->zip, .name = file->name, .max_text = file->max_text};
	kb_arena_init(&f->office.arena);
	if (rc == 0 && !format) {
		format = format_of(&f->zip);
		if (!format) {
			office_close(f);
			return 0;
		}
	}
	if (rc == 0) {
		rc = format->begin(&f->office, &f->state, err);
		f->format = f->state ? format : NULL;
	}
	if (rc < 0) {
		office_close(f);
		return rc;
	}
	*feed = (struct kb_doc_feed){office_next, office_close, f};
	return 1;
}

/* ---- which one ---- */

static const struct kb_office_format *format_of_name(const char *name,
						     bool *known)
{
	static const struct {
		const char *ext;
		const struct kb_office_format *format;
	} exts[] = {
	    {".docx", &kb_office_word},	  {".docm", &kb_office_word},
	    {".dotx", &kb_office_word},	  {".odt", &kb_office_odf},
	    {".ods", &kb_office_odf},	  {".odp", &kb_office_odf},
	    {".epub", &kb_office_epub},	  {".xlsx", &kb_office_excel},
	    {".xlsm", &kb_office_excel},  {".pptx", &kb_office_slides},
	    {".pptm", &kb_office_slides},
	};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(exts) / sizeof(*exts); i++) {
		*known = kb_ends_folded(name, len, exts[i].ext) > 0;
		if (*known)
			return exts[i].format;
	}
	return NULL;
}

/* By its first bytes, before which some others may stand. */
static bool is_pdf(const struct kb_doc_file *file)
{
	struct kb_str s = file->sample;

	if (kb_starts(s.ptr, s.len, "%PDF-"))
		return true;
	s.len = s.len < 1024 ? s.len : 1024;
	return kb_ends_folded(file->name, strlen(file->name), ".pdf") &&
	       kb_str_has(s, KB_STR("%PDF-"));
}

static int take_timeout(struct kb_convert *convert, struct kb_err *err)
{
	const char *given = kb_env("KB_CONVERT_TIMEOUT");
	char *end;
	long s = given ? strtol(given, &end, 10) : 0;

	convert->timeout_ms = KB_CONVERT_TIMEOUT_MS;
	if (!given || !*given)
		return 0;
	if (*end || s < 1 || s > 86400)
		return kb_err_set(err, KB_EINVAL,
				  "KB_CONVERT_TIMEOUT '%s' is not a number of "
				  "seconds from 1 to 86400",
				  given);
	convert->timeout_ms = (int)s * 1000;
	return 0;
}

int kb_convert_init(struct kb_convert *convert, const char *const *commands,
		    size_t n, struct kb_err *err)
{
	int rc;

	*convert = (struct kb_convert){0};
	rc = take_timeout(convert, err);
	if (rc < 0)
		return rc;
	kb_child_cache_init(&convert->cache);
	convert->commands = kb_calloc(n + 1, sizeof(*convert->commands));
	while (convert->n_commands < n && rc == 0) {
		rc = kb_convert_command_parse(
		    &convert->commands[convert->n_commands],
		    commands[convert->n_commands], err);
		convert->n_commands += rc == 0;
	}
	if (rc < 0)
		kb_convert_release(convert);
	return rc;
}

void kb_convert_release(struct kb_convert *convert)
{
	for (size_t i = 0; i < convert->n_commands; i++)
		kb_convert_command_release(&convert->commands[i]);
	free(convert->commands);
	kb_child_cache_release(&convert->cache);
	*convert = (struct kb_convert){0};
}

uint64_t kb_convert_hash(const struct kb_convert *convert)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < convert->n_commands; i++)
		hash = kb_xxh64_part(hash, convert->commands[i].given,
				     strlen(convert->commands[i].given));
	return hash;
}

/* The user's commands come first: they may know better. */
static const struct kb_convert_command *command_for(
    const struct kb_convert *convert, const struct kb_doc_file *file)
{
	for (size_t i = 0; convert && file->path && i < convert->n_commands;
	     i++)
		if (kb_convert_command_matches(&convert->commands[i],
					       file->name))
			return &convert->commands[i];
	return NULL;
}

int kb_convert_take(void *arg, const struct kb_doc_file *file,
		    struct kb_doc_feed *feed, struct kb_err *err)
{
	struct kb_str s = file->sample;
	struct kb_convert *convert = arg;
	bool known;
	const struct kb_office_format *format =
	    format_of_name(file->name, &known);
	const struct kb_convert_command *command = command_for(convert, file);

	if (command)
		return kb_convert_command_take(command, &convert->cache, file,
					       convert->timeout_ms, feed, err);
	if (convert && file->path && is_pdf(file))
		return kb_pdf_take(&convert->cache, file, convert->timeout_ms,
				   feed, err);
	if (known && kb_starts(s.ptr, s.len, OLE_MAGIC))
		return kb_err_set(err, KB_EFORMAT,
				  "is encrypted with a password, or of an old "
				  "Office under a new name");
	if (known && !s.len)
		return kb_err_set(err, KB_EFORMAT, "is empty");
	if (known || kb_starts(s.ptr, s.len, "PK\3\4"))
		return take_office(file, format, feed, err);
	return kb_mail_take(file, feed, err);
}
