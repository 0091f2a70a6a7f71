/*
 * Conversations out of messages that stand on lines of their own, as logs and
 * exports of tickets have them: lines with the same value of one member become
 * the record {"id":value,"messages":[...]}, in the order of the lines or of
 * another member, a time.
 *
 * A message keeps the members that a provider reads (role, content, name, calls
 * of tools and what belongs to them). Open are at most KB_SESSIONS_OPEN
 * conversations with KB_SESSIONS_BYTES of messages; beyond that the one that
 * was silent longest is taken as whole. Of sorted input that is never missed;
 * of other input a conversation may come in several records, which
 * kb_sessions_split() counts among the last KB_SESSIONS_KNOWN.
 */
#ifndef KB_RECORD_SESSIONS_H
#define KB_RECORD_SESSIONS_H

#include "json/rec.h"

#define KB_SESSIONS_OPEN  1000
#define KB_SESSIONS_BYTES ((size_t)64 << 20)
#define KB_SESSIONS_KNOWN ((size_t)1 << 20)

struct kb_sessions;

/* by: the member that tells conversations apart; time: the one to sort by, or
 * NULL. Both are borrowed. */
struct kb_sessions *kb_sessions_new(const char *by, const char *time);
void kb_sessions_free(struct kb_sessions *s);

/* Add a line. KB_EINVAL: it is no object with a string or number 'by', a 'role'
 * and, where it sorts, a 'time'. */
int kb_sessions_add(struct kb_sessions *s, struct kb_str line,
		    struct kb_err *err);

/* The next record that is whole; valid until the next call. At the end of the
 * input all are. */
bool kb_sessions_next(struct kb_sessions *s, bool end, struct kb_str *record);

/* Conversations that went on after they had been taken as whole. */
size_t kb_sessions_split(const struct kb_sessions *s);

#endif
