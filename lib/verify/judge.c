#include "verify/judge.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/shared_child.h"
#include "base/utf8.h"
#include "learn/qrels.h"
#include "record/error_member.h"
#include "record/members.h"
#include "record/reasoning.h"
#include "verify/check_weights.h"
#include "json/rec.h"
#include "json/write.h"

struct kb_judge {
	struct kb_judge_options options;
	struct kb_shared_child *child;
};

/* ---- options ---- */

int kb_judge_band(const char *text, struct kb_judge_options *out,
		  struct kb_err *err)
{
	const char *comma = strchr(text, ',');

	if (!comma ||
	    !kb_qrels_number((struct kb_str){text, (size_t)(comma - text)},
			     &out->low) ||
	    !kb_qrels_number(kb_str_of(comma + 1), &out->high) ||
	    !(out->low >= 0 && out->low <= out->high && out->high <= 1))
		return kb_err_set(err, KB_EINVAL,
				  "--band takes two numbers from 0 to 1, such "
				  "as .25,.75, not '%.60s'",
				  text);
	return 0;
}

int kb_judge_open(struct kb_judge **out, const struct kb_judge_options *options,
		  struct kb_err *err)
{
	struct kb_judge *j;
	int rc;

	*out = NULL;
	if (!options->command)
		return 0;
	j = kb_calloc(1, sizeof(*j));
	j->options = *options;
	j->child = kb_shared_child_new(options->command, NULL);
	rc = kb_shared_child_start(j->child, err);
	if (rc < 0)
		kb_judge_close(j);
	else
		*out = j;
	return rc;
}

void kb_judge_close(struct kb_judge *j)
{
	if (!j)
		return;
	kb_shared_child_free(j->child);
	free(j);
}

/* ---- verdicts ---- */

struct word {
	const char *text;
	int verdict;
	bool first; /* only as the first word: elsewhere it means little */
};

/* Longer ones before those that they begin with. */
static const struct word words[] = {
    {"not supported", 0, false},
    {"no", 0, true},
    {"not", 0, true},
    {"unsupported", 0, false},
    {"contradicted", 0, false},
    {"refuted", 0, false},
    {"false", 0, false},
    {"incorrect", 0, false},
    {"yes", 1, true},
    {"supported", 1, false},
    {"true", 1, false},
    {"correct", 1, false},
    {"不支持", 0, false},
    {"未支持", 0, false},
    {"没有支持", 0, false},
    {"不正确", 0, false},
    {"不是", 0, true},
    {"不", 0, true},
    {"否", 0, true},
    {"错误", 0, false},
    {"矛盾", 0, false},
    {"支持", 1, false},
    {"是", 1, true},
    {"正确", 1, false},
    {"对", 1, true},
};

static bool in_word(struct kb_str s, size_t i)
{
	return i < s.len && kb_is_alnum(s.ptr[i]);
}

/* Bytes of the word if it stands at i, else 0. */
static size_t matches(struct kb_str s, size_t i, const char *word)
{
	size_t n = strlen(word);

	if (n > s.len - i)
		return 0;
	for (size_t k = 0; k < n; k++)
		if (kb_lower(s.ptr[i + k]) != word[k])
			return 0;
	if (kb_is_letter(word[0]) &&
	    ((i && in_word(s, i - 1)) || in_word(s, i + n)))
		return 0;
	return n;
}

static const struct word *word_at(struct kb_str s, size_t i, bool first)
{
	for (size_t w = 0; w < sizeof(words) / sizeof(*words); w++)
		if ((first || !words[w].first) && matches(s, i, words[w].text))
			return &words[w];
	return NULL;
}

/* Of the first word, else of all words that are one when they agree. */
int kb_judge_words(struct kb_str s)
{
	const struct word *word = NULL;
	int verdict = -1;
	size_t i = 0;

	while (i < s.len && !kb_is_alnum(s.ptr[i]) &&
	       (unsigned char)s.ptr[i] < 0x80)
		i++;
	if (i < s.len)
		word = word_at(s, i, true);
	if (word)
		return word->verdict;
	for (; i < s.len; i++) {
		word = word_at(s, i, false);
		if (!word)
			continue;
		if (verdict >= 0 && verdict != word->verdict)
			return -1;
		verdict = word->verdict;
		i += strlen(word->text) - 1;
	}
	return verdict;
}

int kb_judge_read(struct kb_str line, struct kb_arena *arena, double *p,
		  struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_str said = {"", 0}, why;
	struct kb_json class;
	struct kb_rec rec;
	int verdict, rc = kb_rec_scan(&rec, arena, line.ptr, line.len, err);

	if (rc)
		return rc;
	if (kb_error_is_set(&rec)) {
		why = kb_error_message(&rec);
		return kb_err_set(err, KB_EREMOTE, "%s",
				  kb_err_quote(quoted, why.ptr, why.len));
	}
	class = kb_rec_get(&rec, "class");
	kb_json_str(kb_json_get(class, "label"), arena, &said);
	verdict = kb_judge_words(said);
	if (verdict >= 0 && kb_json_num(kb_json_get(class, "score"), p) &&
	    *p >= 0 && *p <= 1) {
		*p = verdict ? *p : 1 - *p;
		return 0;
	}
	if (verdict < 0) {
		if (!kb_answer_text(&rec, &said))
			return kb_err_set(err, KB_EREMOTE,
					  "no verdict came back");
		verdict = kb_judge_words(kb_reasoning_blanked(said, arena));
	}
	if (verdict < 0)
		return kb_err_set(err, KB_EREMOTE, "no verdict: '%s'",
				  kb_err_quote(quoted, said.ptr, said.len));
	*p = verdict ? JUDGED_YES : JUDGED_NO;
	return 0;
}

/* ---- a claim ---- */

static void put_passage(struct kb_jw *w, const struct kb_check_passage *p)
{
	struct kb_str text = p->text;

	text.len = kb_utf8_cut(text.ptr, text.len, KB_JUDGE_BYTES);
	kb_jw_obj(w);
	if (p->title.len) {
		kb_jw_key(w, "title");
		kb_jw_str(w, p->title);
	}
	kb_jw_key(w, "text");
	kb_jw_str(w, text);
	kb_jw_end(w);
}

static void write_record(struct kb_str question,
			 const struct kb_checked_claim *c,
			 const struct kb_check_passage *passages, size_t n,
			 struct kb_buf *out)
{
	size_t best = c->found.place ? c->found.hit : 0, shown = 1;
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (question.len) {
		kb_jw_key(&w, "query");
		kb_jw_str(&w, question);
	}
	kb_jw_key(&w, "claim");
	kb_jw_str(&w, c->claim.bare);
	kb_jw_key(&w, "hits");
	kb_jw_arr(&w);
	if (best < n)
		put_passage(&w, &passages[best]);
	for (size_t i = 0; i < n && shown < KB_JUDGE_PASSAGES; i++)
		if (i != best) {
			put_passage(&w, &passages[i]);
			shown++;
		}
	kb_jw_end(&w);
	kb_jw_end(&w);
}

static bool in_doubt(const struct kb_judge *j, const struct kb_checked_claim *c)
{
	return (c->verdict == KB_SUPPORTED || c->verdict == KB_UNSUPPORTED) &&
	       c->p >= j->options.low && c->p <= j->options.high;
}

static int ask(struct kb_judge *j, struct kb_str line, struct kb_arena *arena,
	       double *p, struct kb_err *why)
{
	int timeout_ms = (int)fmin(j->options.timeout_s * 1000, 1e9);
	struct kb_buf answer;
	int rc;

	kb_buf_init(&answer, 0);
	rc = kb_shared_child_ask(j->child, line, timeout_ms, &answer, why);
	if (!rc)
		rc = kb_judge_read(kb_arena_copy(arena, kb_buf_str(&answer)),
				   arena, p, why);
	kb_buf_release(&answer);
	return rc;
}

/* It has read the passages, where the numbers have counted words. */
static void take_verdict(struct kb_checked_claim *c, double p)
{
	c->asked = true;
	c->answer = c->p = p;
	c->verdict = p >= .5 ? KB_SUPPORTED : KB_UNSUPPORTED;
	if (c->verdict == KB_SUPPORTED)
		c->found.foreign = false;
}

const char *kb_judge_run(struct kb_judge *j, struct kb_str question,
			 const struct kb_check_passage *passages, size_t n,
			 struct kb_arena *arena, struct kb_check *check)
{
	size_t asked = 0, answered = 0;
	struct kb_err why = {0}, last;
	struct kb_buf line;

	assert(check && arena);
	if (!j)
		return NULL;
	kb_buf_init(&line, 0);
	for (size_t i = 0; i < check->n_claims; i++) {
		struct kb_checked_claim *c = &check->claims[i];
		double p;

		if (!in_doubt(j, c))
			continue;
		kb_buf_reset(&line);
		write_record(question, c, passages, n, &line);
		asked++;
		if (ask(j, kb_buf_str(&line), arena, &p, &last)) {
			why = last;
			continue;
		}
		take_verdict(c, p);
		answered++;
	}
	kb_buf_release(&line);
	if (answered)
		kb_check_sum(check, arena);
	if (answered == asked)
		return NULL;
	return kb_arena_printf(arena, "judge: %zu of %zu claims: %s",
			       asked - answered, asked, why.msg);
}
