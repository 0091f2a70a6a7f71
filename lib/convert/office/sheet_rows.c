#include "convert/office/sheet_rows.h"

void kb_sheet_rows_init(struct kb_sheet_rows *rows)
{
	*rows = (struct kb_sheet_rows){0};
	kb_buf_init(&rows->text, KB_DOC_TEXT_MAX);
}

void kb_sheet_rows_release(struct kb_sheet_rows *rows)
{
	kb_buf_release(&rows->text);
}

void kb_sheet_rows_reset(struct kb_sheet_rows *rows)
{
	kb_buf_reset(&rows->text);
	rows->n = 0;
	rows->head_done = false;
}

void kb_sheet_rows_put(struct kb_sheet_rows *rows, unsigned column,
		       struct kb_str text)
{
	text = kb_doc_trim(text);
	if (!text.len)
		return;
	if (column >= KB_SHEET_COLUMNS)
		column = KB_SHEET_COLUMNS - 1;
	while (rows->n <= column)
		rows->ends[rows->n++] = rows->text.len;
	if (rows->n > 1 && rows->text.len > rows->ends[rows->n - 2])
		kb_buf_add_char(&rows->text, ' ');
	kb_buf_add_str(&rows->text, text);
	rows->ends[rows->n - 1] = rows->text.len;
}

static void write_row(struct kb_sheet_rows *rows, struct kb_page_text *page)
{
	size_t start = 0;

	kb_page_text_open(page, "tr");
	for (unsigned i = 0; i < rows->n; i++) {
		kb_page_text_open(page, rows->head_done ? "td" : "th");
		kb_page_text_put(page, (struct kb_str){rows->text.ptr + start,
						       rows->ends[i] - start});
		kb_page_text_close(page, "td");
		start = rows->ends[i];
	}
	kb_page_text_close(page, "tr");
	rows->head_done |= rows->n > 1;
}

void kb_sheet_rows_end(struct kb_sheet_rows *rows, struct kb_page_text *page,
		       unsigned times)
{
	for (; rows->n && times && !page->full; times--)
		write_row(rows, page);
	kb_buf_reset(&rows->text);
	rows->n = 0;
}
