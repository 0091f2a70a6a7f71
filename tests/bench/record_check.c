/*
 * Holds the output of a program to the members of a record:
 *
 *	record_check PROGRAM IN OUT
 *
 * Each record of IN must have its record in OUT with every member as it
 * was, byte for byte, save those that the table of lib/record says PROGRAM
 * writes; what is new or different must stand in the table, down to the last
 * nested member, with the type given there.
 *
 *	record_check --page man/kb-record.5
 *
 * The page lists exactly the rows of the table, in their order.
 *
 * Prints one line a breach, exits with 1.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "record/members.h"

#define MAX_SIZE ((size_t)1 << 30)

static const char *program;
static unsigned long line_no;
static int breaches;

static void breach(const char *path, const char *what)
{
	if (breaches++ < 20)
		printf("%s: line %lu: %s: %s\n", program, line_no, path, what);
}

static const char *writer_of(const char *section)
{
	return strcmp(section, "the user") ? section : "user";
}

/* Rows ".It Sy path Ta type Ta ..." under headings ".Ss From program". */
static void compare_page(char *text)
{
	const struct kb_member_row *row = kb_member_rows;
	const char *section = "";
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		char *path = line + 7, *type;

		line_no++;
		if (!strncmp(line, ".Ss From ", 9))
			section = line + 9;
		if (strncmp(line, ".It Sy ", 7) ||
		    !(type = strstr(path, " Ta ")))
			continue;
		*type = '\0';
		type += 4;
		type[strcspn(type, " ")] = '\0';
		if (!strcmp(type, "Sy"))
			continue; /* the table's head */
		if (!row->path || strcmp(row->path, path)) {
			breach(path, "is not the next row of the table");
			return;
		}
		if (strcmp(row->type, type))
			breach(path, "has another type in the table");
		if (strcmp(row->writer, writer_of(section)))
			breach(path, "has another writer in the table");
		row++;
	}
	if (row->path)
		breach(row->path, "is not in the page");
}

static const struct kb_member_row *find(const char *path)
{
	const struct kb_member_row *row = kb_member_rows;

	while (row->path && strcmp(row->path, path))
		row++;
	return row->path ? row : NULL;
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
	const struct kb_member_row *row = find(path);
	char inner[512], any[512];

	if (!row) {
		breach(path, "not in the table");
		return;
	}
	if (!strcmp(row->type, "any"))
		return;
	if (!fits(row->type, name_of(val))) {
		breach(path, "has another type than the table says");
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
	const struct kb_member_row *row = find(name);

	return row && (!strcmp(row->writer, program) ||
		       !strcmp(row->writer, "any program"));
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

static int check_page(const char *path, struct kb_err *err)
{
	struct kb_buf page = {0};
	int rc = kb_file_read(path, MAX_SIZE, &page, err);

	program = path;
	if (rc == 0)
		compare_page(page.ptr);
	kb_buf_release(&page);
	return rc;
}

static int check_records(char **args, struct kb_err *err)
{
	struct kb_buf in = {0}, out = {0};
	struct kb_arena arena = {0};
	size_t at_in = 0, at_out = 0;
	int rc = kb_file_read(args[1], MAX_SIZE, &in, err);

	program = args[0];
	if (rc == 0)
		rc = kb_file_read(args[2], MAX_SIZE, &out, err);
	while (rc == 0 && at_in < in.len && at_out < out.len) {
		struct kb_str a = next_line(&in, &at_in);
		struct kb_str b = next_line(&out, &at_out);
		struct kb_rec before, after;

		line_no++;
		if (kb_rec_scan(&before, &arena, a.ptr, a.len, err) ||
		    kb_rec_scan(&after, &arena, b.ptr, b.len, err))
			breach("record", err->msg);
		else
			compare(&before, &after);
		kb_arena_reset(&arena);
	}
	if (rc == 0 && (at_in < in.len || at_out < out.len))
		breach("records", "not as many out as in");
	kb_arena_release(&arena);
	kb_buf_release(&in);
	kb_buf_release(&out);
	return rc;
}

int main(int argc, char **argv)
{
	struct kb_err err = {0};
	int rc;

	if (argc == 3 && !strcmp(argv[1], "--page")) {
		rc = check_page(argv[2], &err);
	} else if (argc == 4) {
		rc = check_records(argv + 1, &err);
	} else {
		fputs("usage: record_check PROGRAM IN OUT\n"
		      "       record_check --page PAGE\n",
		      stderr);
		return 2;
	}
	if (rc) {
		fprintf(stderr, "record_check: %s\n", err.msg);
		return 2;
	}
	return breaches ? 1 : 0;
}
