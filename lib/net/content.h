/*
 * What a message of a provider says: answer, reasoning, tool calls. It comes
 * whole or in the pieces of a stream; content is a string or an array of
 * parts. Private to lib/net.
 */
#ifndef KB_NET_CONTENT_H
#define KB_NET_CONTENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "net/http/body.h"
#include "record/reasoning.h"

#define KB_TOOLS_MAX 128

struct kb_tool;

struct kb_content {
	struct kb_buf raw; /* content as it came, with the tags */
	struct kb_reasoning split;
	struct kb_buf answer, reasoning;
	struct kb_tool *tools; /* KB_TOOLS_MAX of them, or NULL */
	size_t n_tools;
	bool recalled; /* 'answer' was reasoning and is empty again; the reader
			  resets it */
	bool refused;
};

/* max_bytes bounds each of the texts. */
void kb_content_init(struct kb_content *content, size_t max_bytes);
void kb_content_release(struct kb_content *content);

/* Take the 'message' or 'delta' at a place of a body. What is kept lies in
 * arena. KB_ELIMIT past a limit, KB_EFORMAT for a tool call that is none. */
int kb_content_add(struct kb_content *content, const struct kb_body *body,
		   const char *pointer, struct kb_arena *arena,
		   struct kb_err *err);

/* Texts of a message that has nothing else; len 0 where it has none. */
struct kb_content_texts {
	struct kb_str content, reasoning_content, reasoning;
};

int kb_content_add_texts(struct kb_content *content,
			 const struct kb_content_texts *texts,
			 struct kb_err *err);

/* A call of a tool, or what goes on one that has begun. All borrowed. */
struct kb_tool_piece {
	int64_t index; /* of the call; -1: the last one */
	struct kb_str id, type, name, arguments;
	const char *otherwise;	  /* arguments when none come; or NULL */
	struct kb_json whole;	  /* an object; its members but the known ... */
	const char *const *known; /* ... ones (up to NULL) go on as they are */
};

/* Has a call of that index begun? */
bool kb_content_has_tool(const struct kb_content *content, int64_t index);

/* KB_ELIMIT past KB_TOOLS_MAX calls. What is kept lies in arena. */
int kb_content_add_tool(struct kb_content *content,
			const struct kb_tool_piece *piece,
			struct kb_arena *arena, struct kb_err *err);

/* No more comes: settle answer and reasoning. */
void kb_content_end(struct kb_content *content);

/* The tool calls as a JSON array in arena; len 0 when there are none. */
struct kb_str kb_content_tools(const struct kb_content *content,
			       struct kb_arena *arena);

#endif
