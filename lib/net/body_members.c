#include "net/body_members.h"

static struct kb_json object_of(struct kb_str json)
{
	struct kb_json object = {.type = KB_JSON_NONE};

	if (json.len)
		kb_json_check(json.ptr, json.len, &object, NULL);
	return object;
}

const char *kb_form_model(const struct kb_form_ask *ask,
			  const struct kb_provider *provider)
{
	if (ask->model)
		return ask->model;
	if (ask->kind == KB_FORM_EMBED && provider->embed_model)
		return provider->embed_model;
	if (ask->kind == KB_FORM_RERANK && provider->rerank_model)
		return provider->rerank_model;
	return provider->model;
}

struct kb_json kb_members_option(const struct kb_form_ask *ask,
				 const char *name)
{
	return kb_json_get(object_of(ask->options), name);
}

struct kb_json kb_members_any(const struct kb_form_ask *ask,
			      const struct kb_provider *provider,
			      const char *name)
{
	struct kb_json val = kb_members_option(ask, name);

	return val.type ? val : kb_json_get(object_of(provider->extra), name);
}

void kb_members_put_model(struct kb_jw *w, const struct kb_form_ask *ask,
			  const struct kb_provider *provider)
{
	const char *model = kb_form_model(ask, provider);

	if (!*model || kb_members_option(ask, "model").type)
		return;
	kb_jw_key(w, "model");
	kb_jw_cstr(w, model);
}

static bool has_key(struct kb_json object, struct kb_str key)
{
	struct kb_json_iter it = kb_json_iter(object);

	while (kb_json_next(&it))
		if (kb_str_eq(it.key, key))
			return true;
	return false;
}

void kb_members_merge(struct kb_jw *w, struct kb_json less, struct kb_json more,
		      const struct kb_form_ask *ask,
		      const struct kb_provider *provider,
		      bool (*skip)(const struct kb_form_ask *ask,
				   const struct kb_provider *provider,
				   struct kb_str key, bool extra))
{
	for (int extra = 1; extra >= 0; extra--) {
		struct kb_json_iter it = kb_json_iter(extra ? less : more);

		while (kb_json_next(&it)) {
			struct kb_json_iter later = it;
			bool stands = it.val.type == KB_JSON_NULL ||
				      (extra && has_key(more, it.key)) ||
				      skip(ask, provider, it.key, extra);

			/* of duplicates the last */
			while (!stands && kb_json_next(&later))
				stands = kb_str_eq(later.key, it.key);
			if (stands)
				continue;
			kb_jw_key_raw(w, it.key);
			kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
		}
	}
}

void kb_members_put(struct kb_jw *w, const struct kb_form_ask *ask,
		    const struct kb_provider *provider,
		    bool (*skip)(const struct kb_form_ask *ask,
				 const struct kb_provider *provider,
				 struct kb_str key, bool extra))
{
	kb_members_merge(w, object_of(provider->extra), object_of(ask->options),
			 ask, provider, skip);
}
