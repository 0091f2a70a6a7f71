/*
 * Members that the user adds to the body of every request: the provider's
 * 'extra', and -O of the command line, which counts more. Each stands once,
 * and none that is null. Private to lib/net.
 */
#ifndef KB_NET_BODY_MEMBERS_H
#define KB_NET_BODY_MEMBERS_H

#include "net/ask.h"
#include "json/write.h"

/* The model that will be asked for, "" for none. */
const char *kb_form_model(const struct kb_form_ask *ask,
			  const struct kb_provider *provider);

/* One by -O, or by that and else by 'extra'; type KB_JSON_NONE: not there. */
struct kb_json kb_members_option(const struct kb_form_ask *ask,
				 const char *name);
struct kb_json kb_members_any(const struct kb_form_ask *ask,
			      const struct kb_provider *provider,
			      const char *name);

/* The member "model", unless -O gives it. */
void kb_members_put_model(struct kb_jw *w, const struct kb_form_ask *ask,
			  const struct kb_provider *provider);

/* Put them, but those that skip() says stand otherwise already; extra: it is
 * one of 'extra', and not among -O. */
void kb_members_put(struct kb_jw *w, const struct kb_form_ask *ask,
		    const struct kb_provider *provider,
		    bool (*skip)(const struct kb_form_ask *ask,
				 const struct kb_provider *provider,
				 struct kb_str key, bool extra));

/* Members of two objects, those of 'more' first in rank, in one that is open;
 * skip() as above. */
void kb_members_merge(struct kb_jw *w, struct kb_json less, struct kb_json more,
		      const struct kb_form_ask *ask,
		      const struct kb_provider *provider,
		      bool (*skip)(const struct kb_form_ask *ask,
				   const struct kb_provider *provider,
				   struct kb_str key, bool extra));

#endif
