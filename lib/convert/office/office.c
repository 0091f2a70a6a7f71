#include "convert/office/office.h"

#include <string.h>

#include "base/str.h"
#include "convert/office/xml_part.h"
#include "doc/blocks.h"
#include "json/write.h"

#define VALUE_MAX 512u /* bytes of a property */

/* ---- properties ---- */

static const struct {
	const char *element, *member;
} properties[] = {
    {"title", "title"},
    {"creator", "author"},
    {"modified", "modified"},
    {"date", "modified"},
};

enum { N_PROPERTIES = sizeof(properties) / sizeof(*properties) };

struct properties_part {
	struct kb_buf values[N_PROPERTIES];
	struct kb_buf *open;
};

static void open_property(void *arg, const char *name,
			  const char *const *attributes)
{
	struct properties_part *p = arg;

	(void)attributes;
	for (size_t i = 0; i < N_PROPERTIES; i++)
		if (!strcmp(name, properties[i].element) && !p->values[i].len)
			p->open = &p->values[i];
}

static void close_property(void *arg, const char *name)
{
	struct properties_part *p = arg;

	(void)name;
	p->open = NULL;
}

static void property_text(void *arg, struct kb_str text)
{
	struct properties_part *p = arg;

	if (p->open)
		kb_buf_add_str(p->open, text);
}

static void take_properties(struct kb_office *office,
			    const struct properties_part *p)
{
	struct kb_buf out;

	kb_buf_init(&out, 0);
	for (size_t i = 0; i < N_PROPERTIES; i++) {
		struct kb_str value = kb_doc_trim(kb_buf_str(&p->values[i]));

		if (!value.len || p->values[i].over)
			continue;
		if (!i) {
			office->title = kb_arena_copy(&office->arena, value);
		} else if (i != 3 || !p->values[2].len) {
			kb_buf_printf(&out, "%s\"%s\":", out.len ? "," : "",
				      properties[i].member);
			kb_json_quote(&out, value);
		}
	}
	office->meta = out.len ? kb_arena_copy(&office->arena, kb_buf_str(&out))
			       : (struct kb_str){"", 0};
	kb_buf_release(&out);
}

int kb_office_properties(struct kb_office *office, const char *part,
			 struct kb_err *err)
{
	struct properties_part p = {0};
	const struct kb_xml_events events = {.open = open_property,
					     .close = close_property,
					     .text = property_text,
					     .arg = &p};
	int rc;

	for (size_t i = 0; i < N_PROPERTIES; i++)
		kb_buf_init(&p.values[i], VALUE_MAX);
	rc = kb_xml_part(office->zip, kb_str_of(part), &events, err);
	if (rc == 0)
		take_properties(office, &p);
	for (size_t i = 0; i < N_PROPERTIES; i++)
		kb_buf_release(&p.values[i]);
	return rc == KB_ENOENT ? 0 : rc;
}

void kb_office_describe(const struct kb_office *office, struct kb_arena *arena,
			struct kb_doc *doc, const char *name,
			struct kb_str value, unsigned number)
{
	struct kb_buf out;

	if (!doc->title.len)
		doc->title = kb_arena_copy(arena, office->title);
	if (!name && !office->meta.len)
		return;
	kb_buf_init(&out, 0);
	kb_buf_add_char(&out, '{');
	if (name && value.len) {
		kb_buf_printf(&out, "\"%s\":", name);
		kb_json_quote(&out, value);
	} else if (name) {
		kb_buf_printf(&out, "\"%s\":%u", name, number);
	}
	if (name && office->meta.len)
		kb_buf_add_char(&out, ',');
	kb_buf_add_str(&out, office->meta);
	kb_buf_add_char(&out, '}');
	doc->meta = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
}

/* ---- relations ---- */

struct relations_part {
	struct kb_office *office;
	struct kb_str part;
	void (*each)(void *arg, const char *id, const char *kind,
		     struct kb_str target);
	void *arg;
};

static void open_relation(void *arg, const char *name,
			  const char *const *attributes)
{
	struct relations_part *p = arg;
	const char *type = kb_xml_attribute(attributes, "Type"),
		   *id = kb_xml_attribute(attributes, "Id"),
		   *target = kb_xml_attribute(attributes, "Target"),
		   *mode = kb_xml_attribute(attributes, "TargetMode");
	struct kb_buf path;
	const char *slash;

	if (strcmp(name, "Relationship") || !type || !id || !target ||
	    (mode && !strcmp(mode, "External")))
		return;
	slash = strrchr(type, '/');
	kb_buf_init(&path, 4096);
	kb_xml_path(p->part, target, &path);
	p->each(p->arg, id, slash ? slash + 1 : type, kb_buf_str(&path));
	kb_buf_release(&path);
}

static void close_relation(void *arg, const char *name)
{
	(void)arg;
	(void)name;
}

static void relation_text(void *arg, struct kb_str text)
{
	(void)arg;
	(void)text;
}

int kb_office_relations(struct kb_office *office, struct kb_str part,
			void (*each)(void *arg, const char *id,
				     const char *kind, struct kb_str target),
			void *arg, struct kb_err *err)
{
	struct relations_part p = {office, part, each, arg};
	const struct kb_xml_events events = {.open = open_relation,
					     .close = close_relation,
					     .text = relation_text,
					     .arg = &p};
	size_t dir = part.len;
	struct kb_buf path;
	int rc;

	while (dir && part.ptr[dir - 1] != '/')
		dir--;
	kb_buf_init(&path, 0);
	kb_buf_add(&path, part.ptr, dir);
	kb_buf_add_cstr(&path, "_rels/");
	kb_buf_add(&path, part.ptr + dir, part.len - dir);
	kb_buf_add_cstr(&path, ".rels");
	rc = kb_xml_part(office->zip, kb_buf_str(&path), &events, err);
	kb_buf_release(&path);
	return rc == KB_ENOENT ? 0 : rc;
}

struct wanted {
	struct kb_office *office;
	const char *kind;
	struct kb_str target;
};

static void is_wanted(void *arg, const char *id, const char *kind,
		      struct kb_str target)
{
	struct wanted *w = arg;

	(void)id;
	if (!w->target.len && !strcmp(kind, w->kind) && target.len)
		w->target = kb_arena_copy(&w->office->arena, target);
}

int kb_office_related(struct kb_office *office, const char *part,
		      const char *kind, struct kb_str *target,
		      struct kb_err *err)
{
	struct wanted w = {office, kind, {"", 0}};
	int rc =
	    kb_office_relations(office, kb_str_of(part), is_wanted, &w, err);

	*target = w.target;
	return rc;
}
