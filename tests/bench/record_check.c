/*
 * Holds the output of a program to kb-record(5):
 *
 *	record_check man/kb-record.5 PROGRAM IN OUT
 *
 * Each record of IN must have its record in OUT with every member as it
 * was, byte for byte, save those that the page says PROGRAM writes; what is
 * new or different must stand in the page, down to the last nested member,
 * with the type given there. Prints one line a breach, exits with 1.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "json/rec.h"

struct row {
	char *path, *type, *section;
};

static struct row rows[512];
static size_t n_rows;
static const char *program;
static unsigned long line_no;
static int breaches;

static void breach(const char *path, const char *what)
{
	if (breaches++ < 20)
		printf("%s: line %lu: %s: %s\n", program, line_no, path, what);
}

/* Rows ".It Sy path Ta type Ta ..." under headings ".Ss From program". */
static void read_page(char *text)
{
	const char *section = "";
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		char *path = line + 7, *type;

		if (!strncmp(line, ".Ss From ", 9))
			section = line + 9;
		if (strncmp(line, ".It Sy ", 7) ||
		    !(type = strstr(path, " Ta ")))
			continue;
		*type = '\0';
		type += 4;
		type[strcspn(type, " ")] = '\0';
		if (!strcmp(type, "Sy") || n_rows == 512)
			continue; /* the table's head */
		rows[n_rows++] = (struct row){path, type, kb_strdup(section)};
	}
}

static const struct row *find(const char *path)
{
	for (size_t i = 0; i < n_rows; i++)
		if (!strcmp(rows[i].path, path))
			return &rows[i];
	return NULL;
}

static const char *name_of(struct kb_json val)
{
	int64_t n;

	switch (val.type) {
	case KB_JSON_NULL:
		return "null";
	case KB_JSON_FALSE:
	case KB_JSON_TRUE:
		return "boolean";
	case KB_JSON_NUMBER:
		return kb_json_int(val, &n) ? "integer" : "number";
	case KB_JSON_STRING:
		return "string";
	case KB_JSON_ARRAY:
		return "array";
	default:
		return "object";
	}
}

static bool fits(const char *types, const char *type)
{
	size_t len = strlen(type);

	for (const char *p = types; *p; p += *p == '/') {
		size_t n = strcspn(p, "/");

		if ((n == len && !strncmp(p, type, n)) ||
		    (!strcmp(type, "integer") && n == 6 &&
		     !strncmp(p, "number", 6)))
			return true;
		p += n;
	}
	return false;
}

static void check(const char *path, struct kb_json val)
{
	struct kb_json_iter it = kb_json_iter(val);
	const struct row *row = find(path);
	char inner[512], any[512];

	if (!row) {
		breach(path, "not in kb-record(5)");
		return;
	}
	if (!strcmp(row->type, "any"))
		return;
	if (!fits(row->type, name_of(val))) {
		breach(path, "has another type than kb-record(5) says");
		return;
	}
	snprintf(any, sizeof(any), "%s.*", path);
	while (kb_json_next(&it)) {
		if (it.object)
			snprintf(inner, sizeof(inner), "%s.%.*s", path,
				 (int)it.key.len, it.key.ptr);
		else
			snprintf(inner, sizeof(inner), "%s[]", path);
		if (it.object && !find(inner) && find(any))
			strcpy(inner, any);
		check(inner, it.val);
	}
}

static bool same(struct kb_json a, struct kb_json b)
{
	return a.type == b.type && a.len == b.len &&
	       (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

static bool writes(const char *name)
{
	const struct row *row = find(name);

	return row && (!strcmp(row->section, program) ||
		       !strcmp(row->section, "any program"));
}

static void compare(const struct kb_rec *in, const struct kb_rec *out)
{
	for (size_t i = 0; i < in->n; i++) {
		const char *name = kb_arena_strndup(
		    in->arena, in->members[i].key.ptr, in->members[i].key.len);

		if (!writes(name) &&
		    !same(kb_rec_get(in, name), kb_rec_get(out, name)))
			breach(name, "was changed or lost");
	}
	for (size_t i = 0; i < out->n; i++) {
		const char *name =
		    kb_arena_strndup(out->arena, out->members[i].key.ptr,
				     out->members[i].key.len);
		struct kb_json now = kb_rec_get(out, name);

		if (same(kb_rec_get(in, name), now))
			continue;
		if (!writes(name))
			breach(name, "is not this program's to write");
		else
			check(name, now);
	}
}

static struct kb_str next_line(struct kb_buf *text, size_t *at)
{
	const char *start = text->ptr + *at;
	const char *nl = memchr(start, '\n', text->len - *at);
	size_t len = nl ? (size_t)(nl - start) : text->len - *at;

	*at += len + (nl != NULL);
	return (struct kb_str){start, len};
}

int main(int argc, char **argv)
{
	struct kb_buf page = {0}, in = {0}, out = {0};
	struct kb_arena arena = {0};
	struct kb_err err = {0};
	size_t at_in = 0, at_out = 0, max = (size_t)1 << 30;

	if (argc != 5) {
		fputs("usage: record_check PAGE PROGRAM IN OUT\n", stderr);
		return 2;
	}
	program = argv[2];
	if (kb_file_read(argv[1], max, &page, &err) ||
	    kb_file_read(argv[3], max, &in, &err) ||
	    kb_file_read(argv[4], max, &out, &err)) {
		fprintf(stderr, "record_check: %s\n", err.msg);
		return 2;
	}
	read_page(page.ptr);
	while (at_in < in.len && at_out < out.len) {
		struct kb_str a = next_line(&in, &at_in);
		struct kb_str b = next_line(&out, &at_out);
		struct kb_rec before, after;

		line_no++;
		if (kb_rec_scan(&before, &arena, a.ptr, a.len, &err) ||
		    kb_rec_scan(&after, &arena, b.ptr, b.len, &err))
			breach("record", err.msg);
		else
			compare(&before, &after);
		kb_arena_reset(&arena);
	}
	if (at_in < in.len || at_out < out.len)
		breach("records", "not as many out as in");
	kb_arena_release(&arena);
	kb_buf_release(&page);
	kb_buf_release(&in);
	kb_buf_release(&out);
	return breaches ? 1 : 0;
}
