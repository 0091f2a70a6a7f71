/* Global files of a generation, the user's dictionary being one. */
#include <stdio.h>

#include "index/user_words.h"
#include "index/write/writer_impl.h"

int kb_writer_global_create(struct kb_writer *w, const char *slot,
			    struct kb_container *out, struct kb_err *err)
{
	char name[64];

	(void)slot;
	kb_writer_file_name(w, name, sizeof(name), "glob");
	return kb_container_create(out, w->io, name, KB_KIND_GLOBAL, err);
}

int kb_writer_global_finish(struct kb_writer *w, const char *slot,
			    struct kb_container *out, struct kb_err *err)
{
	struct kb_manifest *m = &w->next;
	size_t i = 0;
	int rc = kb_container_finish(out, err);

	if (rc < 0)
		return rc;
	while (i < m->n_globals && strcmp(m->globals[i].slot, slot))
		i++;
	if (i == KB_MANIFEST_GLOBALS ||
	    strlen(slot) >= sizeof(m->globals[i].slot))
		return kb_err_set(err, KB_ELIMIT,
				  "no room for the global file '%s'", slot);
	if (i == m->n_globals)
		m->n_globals++;
	snprintf(m->globals[i].slot, sizeof(m->globals[i].slot), "%s", slot);
	memcpy(m->globals[i].file.name, out->name,
	       sizeof(m->globals[i].file.name) - 1);
	m->globals[i].file.size = out->size;
	m->globals[i].file.crc = out->table_crc;
	w->touched = true;
	return 0;
}

void kb_writer_global_drop(struct kb_writer *w, const char *slot)
{
	struct kb_manifest *m = &w->next;
	size_t i = 0;

	while (i < m->n_globals && strcmp(m->globals[i].slot, slot))
		i++;
	if (i == m->n_globals)
		return;
	m->n_globals--;
	memmove(&m->globals[i], &m->globals[i + 1],
		(m->n_globals - i) * sizeof(*m->globals));
	w->touched = true;
}

/* ---- the user's dictionary ---- */

/* What the last generation recorded, whether it is used or built anew. */
static int recorded_words(struct kb_writer *w, struct kb_buf *out, size_t *slot,
			  struct kb_err *err)
{
	const struct kb_manifest *m = &w->old;
	struct kb_container_view view;
	int rc;

	*slot = 0;
	while (*slot < m->n_globals &&
	       strcmp(m->globals[*slot].slot, KB_USER_WORDS_SLOT))
		++*slot;
	if (*slot == m->n_globals)
		return 0;
	rc = kb_container_map(&view, w->dir, m->globals[*slot].file.name,
			      KB_KIND_GLOBAL, KB_USER_WORDS_KNOWN, err);
	if (rc < 0)
		return rc;
	if (view.sec[1].ptr)
		kb_buf_add(out, view.sec[1].ptr, view.sec[1].len);
	kb_container_unmap(&view);
	return 0;
}

int kb_writer_record_words(struct kb_writer *w, struct kb_err *err)
{
	struct kb_container out;
	int rc = kb_writer_global_create(w, KB_USER_WORDS_SLOT, &out, err);

	if (rc < 0)
		return rc;
	kb_container_put(&out, 1, true, w->words.ptr ? w->words.ptr : "",
			 w->words.len);
	return kb_writer_global_finish(w, KB_USER_WORDS_SLOT, &out, err);
}

int kb_writer_load_words(struct kb_writer *w, struct kb_err *err)
{
	struct kb_buf old;
	struct kb_str list;
	bool same;
	size_t slot;
	int rc;

	kb_buf_init(&old, 0);
	rc = recorded_words(w, &old, &slot, err);
	if (rc == 0 && w->opt.words)
		rc = kb_user_words_load(w->opt.words, &w->words, err);
	else if (rc == 0)
		kb_buf_add_str(&w->words, kb_buf_str(&old));
	list = kb_buf_str(&w->words);
	same = kb_str_eq(list, kb_buf_str(&old));
	if (rc == 0 && !same && !w->fresh && !w->opt.rebuild)
		rc = kb_err_set(err, KB_EINVAL,
				"'%s' was built with other words; give "
				"--rebuild to change them",
				w->path);
	else if (rc == 0 && !same)
		rc = kb_writer_record_words(w, err);
	else if (rc == 0 && w->opt.rebuild && list.len)
		w->next.globals[w->next.n_globals++] = w->old.globals[slot];
	if (rc == 0 && list.len)
		kb_user_words_set(w->an, &list, 1);
	kb_buf_release(&old);
	return rc;
}
