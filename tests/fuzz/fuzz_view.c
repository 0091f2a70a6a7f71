/* Any record through the view of lib/record: whatever its members are, one
 * question comes out or one error, texts are sound UTF-8, and what is
 * written is a record again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "record/error_member.h"
#include "record/hit.h"
#include "record/members.h"
#include "record/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_text(struct kb_str text)
{
	check(text.ptr || !text.len);
	check(!text.len || kb_utf8_valid(text.ptr, text.len));
}

/* Every way to the question finds the same one. */
static void view_question(const struct kb_rec *rec, struct kb_arena *arena)
{
	struct kb_json messages = kb_rec_get(rec, "messages");
	struct kb_str last = {NULL, 0};
	struct kb_question read, asked, chosen, said;
	int rc = kb_question_read(rec, arena, &read, NULL);
	bool found = kb_turns_last_user(messages, arena, &last);

	check(found == (last.ptr != NULL));
	check(!found || !kb_text_blank(last));
	check(kb_question_asked(rec, arena, &asked, NULL) == rc);
	check(kb_question_choose(rec, last, arena, &chosen, &said, NULL) == rc);
	check(read.source == chosen.source && asked.source == said.source);
	check(kb_str_eq(read.text, chosen.text));
	check(kb_str_eq(asked.text, said.text));
	check(asked.source != KB_QUESTION_STANDALONE);
	check((read.source == KB_QUESTION_NONE) == kb_text_blank(read.text));
	check(!rc || !read.source);
	check_text(read.text);
	check_text(asked.text);
}

static void view_turns(struct kb_json messages, struct kb_arena *arena)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct kb_chat_message m;
	size_t n = 0;

	for (; kb_turns_next(&turns, arena, &m); n++) {
		struct kb_str text = kb_content_text(m.content, arena);
		unsigned holds = kb_message_holds(&m, arena);

		check_text(text);
		check_text(m.role_text);
		check((m.role == KB_ROLE_NONE) == !m.role_text.ptr);
		check(kb_content_blank(m.content, arena) ==
		      kb_text_blank(text));
		check(!(holds & KB_HOLDS_TEXT) == kb_text_blank(text));
		check(!kb_message_is_empty(&m, arena) || !holds);
	}
	check(messages.type != KB_JSON_ARRAY || n == kb_json_count(messages));
}

static size_t view_hits(const struct kb_rec *rec, struct kb_arena *arena)
{
	struct kb_record_hit hit;
	struct kb_hits hits;
	size_t n = 0;

	kb_hits_open(rec, &hits, NULL);
	for (; kb_hits_next(&hits, &hit); n++) {
		check_text(kb_hit_doc(&hit, arena));
		for (int i = 0; i < KB_HIT_MEMBERS; i++)
			check_text(
			    kb_hit_str(&hit, (enum kb_hit_member)i, arena));
		kb_hit_score(&hit);
	}
	check(n == kb_hits_count(&hits));
	return n;
}

static void view_others(const struct kb_rec *rec)
{
	struct kb_record_vectors v =
	    kb_vectors_read(kb_rec_get(rec, "vectors"));
	struct kb_generation g = kb_generation_read(rec);
	struct kb_retrieval r = kb_retrieval_read(rec);
	struct kb_str text = {0};

	kb_answer_text(rec, &text);
	check_text(text);
	check_text(g.finish);
	check_text(r.corrected);
	check_text(kb_error_tool(rec));
	check_text(kb_error_message(rec));
	check(kb_error_is_set(rec) == (kb_error_message(rec).len > 0));
	check(g.confidence == -1 || (g.confidence >= 0 && g.confidence <= 1));
	check(r.confidence == -1 || (r.confidence >= 0 && r.confidence <= 1));
	check(v.query.type == KB_JSON_NONE || v.query.len > 0);
}

/* Scores go in, and an error: the line stays a record with its hits. */
static void write_back(struct kb_rec *rec, size_t n, struct kb_arena *arena)
{
	double *scores = kb_arena_calloc(arena, n + 1, sizeof(*scores));
	struct kb_err err = {KB_EIO, true, "a \"b\"\n"};
	struct kb_record_hit hit;
	struct kb_hits hits;
	struct kb_buf out;
	struct kb_rec again;
	double x;

	kb_buf_init(&out, 0);
	kb_hits_set_leg(rec, "rerank", scores, n);
	kb_error_set(rec, "fuzz", &err, &out);
	kb_buf_reset(&out);
	kb_rec_write(rec, &out);
	check(!kb_rec_scan(&again, arena, out.ptr, out.len, NULL));
	check(!kb_hits_open(&again, &hits, NULL));
	check(kb_hits_count(&hits) == n);
	while (kb_hits_next(&hits, &hit))
		check(hit.raw.type != KB_JSON_OBJECT ||
		      (kb_json_num(kb_json_get(hit.at[KB_HIT_LEGS], "rerank"),
				   &x) &&
		       x == 0));
	check(kb_error_retryable(&again));
	kb_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_arena arena;
	struct kb_rec rec;

	kb_arena_init(&arena);
	if (!kb_rec_scan(&rec, &arena, (const char *)data, size, NULL)) {
		view_question(&rec, &arena);
		view_turns(kb_rec_get(&rec, "messages"), &arena);
		view_turns(kb_prompt_messages(&rec), &arena);
		view_others(&rec);
		write_back(&rec, view_hits(&rec, &arena), &arena);
	}
	kb_arena_release(&arena);
	return 0;
}
