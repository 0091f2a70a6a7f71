#include "context/compress_explain.h"

#include "base/utf8.h"

static const struct {
	const char *why, *pin;
} reasons[] = {
    [KB_WHY_FITS] = {"fits", NULL},
    [KB_WHY_SYSTEM] = {"pin", "system"},
    [KB_WHY_ASKED] = {"pin", "asked"},
    [KB_WHY_DEMANDED] = {"pin", "demanded"},
    [KB_WHY_LAST] = {"pin", "last"},
    [KB_WHY_EXCHANGE] = {"pin", "tool"},
    [KB_WHY_QUESTION] = {"question", NULL},
    [KB_WHY_NOVELTY] = {"novelty", NULL},
    [KB_WHY_PRIOR] = {"prior", NULL},
    [KB_WHY_BUDGET] = {"budget", NULL},
};

static const char *const roles[] = {
    [KB_ROLE_SYSTEM] = "system",
    [KB_ROLE_USER] = "user",
    [KB_ROLE_ASSISTANT] = "assistant",
    [KB_ROLE_OTHER] = "other",
};

static void put_parts(const struct kb_salience_parts *p, struct kb_jw *w)
{
	kb_jw_key(w, "question");
	kb_jw_fixed(w, p->question, 3);
	kb_jw_key(w, "novelty");
	kb_jw_fixed(w, p->novelty, 3);
	kb_jw_key(w, "prior");
	kb_jw_fixed(w, p->prior, 3);
}

static void put_member(struct kb_jw *w, const char *name, const char *value)
{
	kb_jw_key(w, name);
	kb_jw_cstr(w, value);
}

static void put_turn(const struct kb_compress_job *job, size_t i,
		     struct kb_jw *w)
{
	const struct kb_turn *t = &job->convo.turns[i];
	enum kb_why why = job->why[i];
	struct kb_str text = t->text;

	text.len = kb_utf8_cut(text.ptr, text.len, KB_EXPLAIN_BYTES);
	kb_jw_obj(w);
	kb_jw_count(w, "turn", i);
	put_member(w, "role", roles[t->role]);
	put_member(w, "fate",
		   job->dropped[i]	   ? "dropped"
		   : job->shortened[i].len ? "shortened"
					   : "kept");
	put_member(w, "why", reasons[why].why);
	if (reasons[why].pin)
		put_member(w, "pin", reasons[why].pin);
	kb_jw_count(w, "tokens", t->tokens);
	kb_jw_key(w, "text");
	kb_jw_str(w, text);
	if (job->parts)
		put_parts(&job->parts[i], w);
	kb_jw_end(w);
}

void kb_explain_write(const struct kb_compress_job *job, struct kb_jw *w)
{
	kb_jw_arr(w);
	for (size_t i = 0; i < job->convo.n; i++)
		put_turn(job, i, w);
	kb_jw_end(w);
}

/* ---- for people ---- */

struct printer {
	struct kb_arena *arena;
	void (*text)(struct kb_buf *out, struct kb_str text);
	struct kb_buf *out;
};

static struct kb_str member(const struct printer *p, struct kb_json of,
			    const char *name)
{
	struct kb_str s = KB_STR("");

	kb_json_str(kb_json_get(of, name), p->arena, &s);
	return s;
}

static int64_t number(struct kb_json of, const char *name)
{
	int64_t n = 0;

	kb_json_int(kb_json_get(of, name), &n);
	return n;
}

/* A text as one line, behind who says it. */
static void print_said(const struct printer *p, struct kb_str role,
		       struct kb_str text)
{
	p->text(p->out, role);
	kb_buf_add_cstr(p->out, ": ");
	for (size_t from = 0, at; from < text.len; from = at + 1) {
		at = from;
		while (at < text.len && text.ptr[at] != '\n')
			at++;
		p->text(p->out, (struct kb_str){text.ptr + from, at - from});
		if (at < text.len)
			kb_buf_add_char(p->out, ' ');
	}
	kb_buf_add_char(p->out, '\n');
}

static void print_cell(const struct printer *p, struct kb_str text,
		       size_t width)
{
	p->text(p->out, text);
	for (size_t n = text.len; n < width; n++)
		kb_buf_add_char(p->out, ' ');
}

static void print_explained(const struct printer *p, struct kb_json explain)
{
	struct kb_json_iter it = kb_json_iter(explain);

	while (kb_json_next(&it)) {
		struct kb_str pin = member(p, it.val, "pin");

		kb_buf_printf(p->out, "%5lld  ",
			      (long long)number(it.val, "turn"));
		print_cell(p, member(p, it.val, "fate"), 11);
		print_cell(p, member(p, it.val, "why"), pin.len ? 0 : 13);
		if (pin.len) {
			kb_buf_add_cstr(p->out, ": ");
			print_cell(p, pin, 8);
		}
		kb_buf_printf(p->out, "%6lld  ",
			      (long long)number(it.val, "tokens"));
		print_said(p, member(p, it.val, "role"),
			   member(p, it.val, "text"));
	}
}

static void print_messages(const struct printer *p, struct kb_json messages)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct kb_chat_message m;

	while (kb_turns_next(&turns, p->arena, &m))
		print_said(p, m.role_text,
			   kb_content_text(m.content, p->arena));
}

void kb_compress_print(const struct kb_rec *rec, struct kb_str id,
		       void (*text)(struct kb_buf *out, struct kb_str text),
		       struct kb_buf *out)
{
	struct kb_json c = kb_rec_get(rec, "compression");
	struct kb_json explain = kb_json_get(c, "explain");
	struct kb_arena arena;
	struct printer p = {.arena = &arena, .text = text, .out = out};
	struct kb_str question = KB_STR("");

	kb_arena_init(&arena);
	text(out, id);
	if (c.type == KB_JSON_OBJECT)
		kb_buf_printf(out,
			      ": %lld of %lld tokens, %zu dropped, %zu "
			      "shortened",
			      (long long)number(c, "tokens_after"),
			      (long long)number(c, "tokens_before"),
			      kb_json_count(kb_json_get(c, "dropped")),
			      kb_json_count(kb_json_get(c, "shortened")));
	kb_buf_add_char(out, '\n');
	if (explain.type == KB_JSON_ARRAY)
		print_explained(&p, explain);
	else
		print_messages(&p, kb_rec_get(rec, "messages"));
	kb_json_str(kb_rec_get(rec, "standalone"), &arena, &question);
	if (question.len)
		print_said(&p, KB_STR("standalone"), question);
	kb_arena_release(&arena);
}
