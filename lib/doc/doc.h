/*
 * Documents out of files.
 *
 * A reader streams the documents of one file: JSON (a document a line, or
 * an element of one array, or a value over several lines), Markdown, HTML and
 * pages of manuals (man or mdoc) and plain text (the file is one document),
 * logs (each line, or each time-stamped group of lines, a document). Text is
 * always handed out as valid UTF-8: byte order marks, UTF-16 and GB18030 are
 * recognised and converted; outside JSON, CRLF and CR become newlines. Binary
 * files are refused with KB_EFORMAT.
 *
 * The stored text of a document is what offsets count in. Markdown is kept
 * as written (front matter taken off), HTML is turned into Markdown-like
 * text. Its structure stands beside it as blocks, in order and without
 * overlap; what lies between two blocks is white space.
 *
 * A bad value of a JSON file costs that value: kb_doc_next() returns
 * KB_EINVAL or KB_ELIMIT for it and goes on behind it when called again. An
 * array whose brackets or commas are not in order ends there: KB_EFORMAT.
 *
 * Everything a document points at lives in the arena given to
 * kb_doc_next(). A reader is for one thread at a time.
 */
#ifndef KB_DOC_DOC_H
#define KB_DOC_DOC_H

#include "base/arena.h"
#include "base/err.h"
#include "json/rec.h"

enum kb_doc_type {
	KB_DOC_AUTO, /* by the name's extension, then by content */
	KB_DOC_JSONL,
	KB_DOC_MARKDOWN,
	KB_DOC_HTML,
	KB_DOC_TEXT,
	KB_DOC_CSV, /* text that is a table */
	KB_DOC_LOG,
	KB_DOC_ROFF, /* a page of a manual */
	KB_DOC_FED,  /* read by another reader, 'take' of the options */
};

/* A document's text and one line of JSON, at most. */
#define KB_DOC_TEXT_MAX ((size_t)64 << 20)
#define KB_DOC_LINE_MAX ((size_t)64 << 20)
/* A log group closes when it has grown to this. */
#define KB_DOC_GROUP_MAX ((size_t)64 << 10)

enum kb_block_type {
	KB_BLOCK_HEADING,
	KB_BLOCK_PARAGRAPH,
	KB_BLOCK_LIST,
	KB_BLOCK_TABLE,
	KB_BLOCK_CODE,
};

struct kb_block {
	uint32_t start, end; /* bytes of the document's text */
	uint32_t line;	     /* 1-based source line of start, 0 unknown */
	uint32_t title_start, title_end; /* headings: without their marks */
	uint8_t type;			 /* enum kb_block_type */
	uint8_t level;			 /* headings: 1..6 */
};

enum kb_doc_kind {
	KB_DOC_PLAIN,	/* a document to index */
	KB_DOC_DELETED, /* {"id":..,"deleted":true}: remove that id */
	KB_DOC_TRIPLE,	/* {"s","p","o","doc"}: knowledge only, no text */
};

#define KB_DOC_ALWAYS_FROM  INT64_MIN
#define KB_DOC_ALWAYS_UNTIL INT64_MAX

struct kb_doc {
	enum kb_doc_kind kind;
	struct kb_str id;     /* as compared; never empty (a triple's may be) */
	struct kb_str title;  /* may be empty */
	struct kb_str text;   /* valid UTF-8, at most KB_DOC_TEXT_MAX */
	struct kb_str meta;   /* JSON object of the other members, each byte
				 for byte as read; empty when there are none */
	struct kb_str source; /* the name given to kb_doc_open() */
	uint32_t line;	      /* 1-based line in the source, 0 unknown */
	bool text_lines;      /* newlines of text are those of the source */

	/* Unix seconds, from inclusive, until exclusive (a plain date means
	 * the end of that day, UTC); KB_DOC_ALWAYS_* when open. The members
	 * stay in meta too. */
	int64_t valid_from, valid_until;

	struct kb_json vector; /* base64 string or array; not in meta */

	/* Subject, predicate, object of a triple line, or of a document's
	 * member "triple":[s,p,o] (which stays in meta too); else empty.
	 * A triple line's id is its "doc", which may be empty. */
	struct kb_str triple[3];

	struct kb_block *blocks;
	size_t n_blocks;
};

/* A file that another reader is asked about: it may use the descriptor by
 * pread(2) alone, which stays open for as long as its feed does. */
struct kb_doc_file {
	int fd;
	const char *path; /* NULL: the descriptor has none */
	const char *name;
	struct kb_str sample; /* of its first bytes, unpacked, for the call */
	size_t max_text;      /* bytes of a document's text */
};

/* Its documents. */
struct kb_doc_feed {
	/* As kb_doc_next(), into a document that is empty save for what is
	 * the same for all; without an id it gets the name of the file. */
	int (*next)(void *state, struct kb_arena *arena, struct kb_doc *doc,
		    struct kb_err *err);
	void (*close)(void *state);
	void *state;
};

struct kb_doc_opts {
	enum kb_doc_type type;
	bool lines;	      /* plain text is a log, and so is JSON */
	size_t max_text_size; /* 0: KB_DOC_TEXT_MAX */
	/* Asked about every JSON value before it is decoded: true passes it
	 * over. The value is as it stands in the file, for the call only;
	 * 'place' differs from value to value of a file. */
	bool (*skip)(void *arg, struct kb_str value, uint64_t place);
	void *skip_arg;
	/* Asked first about every file of type KB_DOC_AUTO: 1 when it takes it
	 * and has filled in the feed, 0 when it is none of its kinds; the
	 * message of an error goes on behind the file's name, save with
	 * KB_EREMOTE. May be NULL. */
	int (*take)(void *arg, const struct kb_doc_file *file,
		    struct kb_doc_feed *feed, struct kb_err *err);
	void *take_arg;
};

struct kb_doc_reader;

/*
 * Open 'path' (or the open descriptor fd when path is NULL; it is not
 * closed). 'name' stands for the file in ids, sources and messages and is
 * copied; NULL means path. opts may be NULL. gzip and zstd files are
 * unpacked. KB_ENOENT, KB_EIO; KB_EFORMAT with the reason for a binary
 * file; KB_ELIMIT.
 */
int kb_doc_open(struct kb_doc_reader **out, int fd, const char *path,
		const char *name, const struct kb_doc_opts *opts,
		struct kb_err *err);
void kb_doc_close(struct kb_doc_reader *reader);

/* "docs/returns policy.md.gz" -> "returns policy", borrowed. */
struct kb_str kb_doc_stem(struct kb_str path);
/* By the ending of a name, packed or not; KB_DOC_AUTO where it tells nothing.
 */
enum kb_doc_type kb_doc_type_of_name(const char *name);

/* What the file was taken for: never KB_DOC_AUTO. */
enum kb_doc_type kb_doc_reader_type(const struct kb_doc_reader *reader);

/*
 * The next document: 1; 0 at the end. KB_EINVAL and KB_ELIMIT cost one
 * line of a JSON lines file (err names file and line; call again to go on)
 * and are final for the other types; anything else is final.
 */
int kb_doc_next(struct kb_doc_reader *reader, struct kb_arena *arena,
		struct kb_doc *doc, struct kb_err *err);

/* Where a JSON value stands: the line it begins in, and which one it is. They
 * are the same where each has a line. */
struct kb_doc_place {
	const char *name; /* of the file */
	uint32_t line, number;
	bool log; /* without a text its message is that */
};

/*
 * One JSON value as a document: for callers that have it. name and number
 * make up the id of one without ("name#7").
 */
int kb_doc_from_json(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str value, const struct kb_doc_place *place,
		     struct kb_err *err);

/*
 * "2024-05-01", "2024-05-01T08:00:00Z", "2024-05-01 08:00+08:00" or Unix
 * seconds. A date without time means its first second, or with 'end' the
 * first second of the next day. False when text is none of these.
 */
bool kb_doc_time(struct kb_str text, bool end, int64_t *unix_s);

/* The three strings of a member 'triple', in the arena; anything else is no
 * triple and leaves 'triple' as it is. */
void kb_doc_triple(struct kb_json array, struct kb_arena *arena,
		   struct kb_str triple[3]);

#endif
