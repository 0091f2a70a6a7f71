/*
 * E-mail: a message (.eml, a file of a Maildir) or a mailbox of messages
 * (mbox), each a document.
 *
 * Its text is that of its parts of text, of alternatives the plain one, HTML
 * as a page of it is read; its subject is the title. meta has "from", "to",
 * "date" (UTC), "message_id", "reply_to" (the message it answers) and the
 * names of "attachments", which are not read. What a reply quotes at its end
 * is left out.
 *
 * A mailbox is streamed: a message at a time is held, of at most
 * KB_MAIL_MESSAGE_MAX bytes; of a larger one what stands behind is left out,
 * and "truncated" says so.
 */
#ifndef KB_CONVERT_MAIL_H
#define KB_CONVERT_MAIL_H

#include "doc/doc.h"

#define KB_MAIL_MESSAGE_MAX ((size_t)64 << 20)
#define KB_MAIL_DEPTH	    8u	  /* parts within parts */
#define KB_MAIL_PARTS	    1000u /* of a message; more are left out */

/* As kb_doc_opts.take: whether it is mail is told by name and first bytes. */
int kb_mail_take(const struct kb_doc_file *file, struct kb_doc_feed *feed,
		 struct kb_err *err);

/* One message, whole, as a document without id and source. */
int kb_mail_read(struct kb_str message, bool truncated, struct kb_arena *arena,
		 struct kb_doc *doc, size_t max_text, struct kb_err *err);

#endif
