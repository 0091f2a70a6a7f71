/*
 * The syntax of a question.
 *
 *	"exact words"	the text must hold them, after normalisation
 *	-word -"words"	the text must not hold them
 *	title:word	the title must hold it (title:"two words" too)
 *	NAME:word	a keyword member must have this value
 *	word*		any word that begins so
 *
 * People ask with stray quotes, times such as 10:30, dashes inside
 * words, and options of programs; what is not well formed, or could be meant
 * otherwise, is plain text. So is all of a sentence: what ends in a full stop,
 * question or exclamation mark, or has more than eight words. A question must
 * hold a positive term besides what is excluded.
 */
#ifndef KB_QUERY_SYNTAX_H
#define KB_QUERY_SYNTAX_H

#include "base/arena.h"

#define KB_QUERY_CLAUSES 16

enum kb_clause_kind {
	KB_CLAUSE_PHRASE, /* in title or text */
	KB_CLAUSE_TITLE,
	KB_CLAUSE_MEMBER, /* in the document's keyword member */
};

struct kb_clause {
	enum kb_clause_kind kind;
	bool forbidden;
	struct kb_str name; /* of KB_CLAUSE_MEMBER */
	struct kb_str text; /* as asked */
};

struct kb_query {
	struct kb_str text; /* what is searched by terms */
	struct kb_clause clauses[KB_QUERY_CLAUSES];
	size_t n_clauses;
	struct kb_str prefixes[KB_QUERY_CLAUSES];
	size_t n_prefixes;
};

/*
 * Is name a member that chunks can be asked for? Other words before a colon
 * are plain text. Is a word with its dash an option that some text has? Then
 * it excludes nothing.
 */
struct kb_query_fields {
	bool (*known)(void *arg, struct kb_str name);
	bool (*option)(void *arg, struct kb_str word);
	void *arg;
};

/* Strings lie in the question or in the arena. */
void kb_query_parse(struct kb_query *query, struct kb_str question,
		    const struct kb_query_fields *fields,
		    struct kb_arena *arena);

/* What is excluded, as asked but for the dash: strings in the question or the
 * arena, their list in the arena. Returns how many. */
size_t kb_query_excluded(const struct kb_query *query, struct kb_arena *arena,
			 const struct kb_str **out);

#endif
