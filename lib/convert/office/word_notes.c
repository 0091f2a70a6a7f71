#include "convert/office/word_notes.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/str.h"
#include "convert/office/xml_part.h"

struct notes_part {
	struct kb_word_notes *to;
	bool end; /* endnotes */
	bool in_note;
	unsigned text, skip;
};

static uint64_t key_of(const char *id, bool end)
{
	return kb_hash64(id, strlen(id), end ? 2 : 1);
}

static void open_note(void *arg, const char *name,
		      const char *const *attributes)
{
	struct notes_part *p = arg;
	const char *id = kb_xml_attribute(attributes, "id"),
		   *type = kb_xml_attribute(attributes, "type");

	if (p->skip || !strcmp(name, "del")) {
		p->skip++;
	} else if (!strcmp(name, "footnote") || !strcmp(name, "endnote")) {
		/* others are lines between the text and its notes */
		p->in_note = id && (!type || !strcmp(type, "normal"));
		if (p->in_note && p->to->texts.n < UINT16_MAX)
			*kb_map_put(&p->to->texts, key_of(id, p->end), NULL) =
			    p->to->text.len;
	} else if (!strcmp(name, "t")) {
		p->text++;
	} else if (p->in_note && (!strcmp(name, "p") || !strcmp(name, "tab"))) {
		kb_buf_add_char(&p->to->text, ' ');
	}
}

static void close_note(void *arg, const char *name)
{
	struct notes_part *p = arg;

	if (p->skip) {
		p->skip--;
	} else if (!strcmp(name, "t")) {
		p->text -= p->text > 0;
	} else if (!strcmp(name, "footnote") || !strcmp(name, "endnote")) {
		kb_buf_add_char(&p->to->text, '\0');
		p->in_note = false;
	}
}

static void note_text(void *arg, struct kb_str text)
{
	struct notes_part *p = arg;

	if (p->in_note && p->text && !p->skip)
		kb_buf_add_str(&p->to->text, text);
}

int kb_word_notes_read(struct kb_word_notes *notes, struct kb_zip *zip,
		       struct kb_str directory, struct kb_arena *arena,
		       struct kb_err *err)
{
	static const char *const names[] = {"footnotes.xml", "endnotes.xml"};
	int rc = 0;

	*notes = (struct kb_word_notes){0};
	kb_map_init(&notes->texts);
	kb_buf_init(&notes->text, KB_WORD_NOTES_MAX);
	kb_buf_init(&notes->due, KB_WORD_NOTES_MAX);
	for (int i = 0; i < 2 && rc == 0; i++) {
		struct notes_part p = {.to = notes, .end = i == 1};
		const struct kb_xml_events events = {.open = open_note,
						     .close = close_note,
						     .text = note_text,
						     .arg = &p};

		rc = kb_xml_part(
		    zip, kb_arena_join(arena, directory, kb_str_of(names[i])),
		    &events, err);
		if (rc == KB_ENOENT)
			rc = 0;
	}
	if (rc == 0 && notes->text.over)
		rc = kb_err_set(err, KB_ELIMIT,
				"has notes larger than the limit of %zu bytes",
				KB_WORD_NOTES_MAX);
	return rc;
}

void kb_word_notes_release(struct kb_word_notes *notes)
{
	kb_map_release(&notes->texts);
	kb_buf_release(&notes->text);
	kb_buf_release(&notes->due);
}

bool kb_word_notes_refer(struct kb_word_notes *notes, const char *id, bool end,
			 char mark[KB_WORD_NOTE_MARK])
{
	const uint64_t *at = kb_map_get(&notes->texts, key_of(id, end));
	struct kb_str text;

	if (!at || *at >= notes->text.len)
		return false;
	text = kb_str_trim(kb_str_of(notes->text.ptr + *at));
	if (!text.len)
		return false;
	snprintf(mark, KB_WORD_NOTE_MARK, "[%u]", ++notes->n);
	kb_buf_add_cstr(&notes->due, mark);
	kb_buf_add_char(&notes->due, ' ');
	kb_buf_add_str(&notes->due, text);
	kb_buf_add_char(&notes->due, '\0');
	return true;
}

bool kb_word_notes_take(struct kb_word_notes *notes, struct kb_str *text)
{
	if (notes->next >= notes->due.len) {
		kb_buf_reset(&notes->due);
		notes->next = 0;
		return false;
	}
	*text = kb_str_of(notes->due.ptr + notes->next);
	notes->next += text->len + 1;
	return true;
}
