/*
 * Small closed word lists, English and Chinese, in one home: function words,
 * question words, pleasantries.
 *
 * Texts are matched as written (the functions fold ASCII case); nothing is
 * allocated.
 */
#ifndef KB_TEXT_WORDS_H
#define KB_TEXT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An English function word (the, of, is, what ...) of ASCII letters. */
bool kb_stop_word(const char *word, size_t len);

/* Is it the key of such a word (text/analyze.h)? For what asks it of every word
 * of a text. */
bool kb_stop_term(uint64_t key);

/* A Han character that mostly serves grammar (的 了 是 在 吗 ...). */
bool kb_stop_han(uint32_t cp);

/* What a question asks for. */
enum kb_ask {
	KB_ASK_NONE, /* no question word found */
	KB_ASK_WHO,
	KB_ASK_WHAT,
	KB_ASK_WHICH,
	KB_ASK_WHEN,
	KB_ASK_WHERE,
	KB_ASK_WHY,
	KB_ASK_HOW,
	KB_ASK_HOW_MANY, /* how much, how long, 多少, 几, 多久 */
	KB_ASK_YES_NO,	 /* is it, can I, 吗, 是不是, 能否 */
};
enum kb_ask kb_ask_kind(const char *text, size_t len);

/* Does the text end as a question or open with a question word? */
bool kb_is_question(const char *text, size_t len);

/* Bytes of pleasantries at the start ("您好，请问", "Hi, could you please"),
 * with the marks and blanks after them. */
size_t kb_polite_prefix(const char *text, size_t len);

/* Is it nothing but pleasantries ("谢谢！", "Hope this helps.")? */
bool kb_is_polite(const char *text, size_t len);

/* The first place of the phrase in text, ASCII case folded and at borders of
 * words when the phrase begins or ends in a letter; len when not found. */
size_t kb_find_phrase(const char *text, size_t len, const char *phrase);

#endif
