#include "net/dialect.h"

#include <string.h>

#include "base/ascii.h"

const struct kb_dialect *const kb_dialects[KB_DIALECTS] = {
    &kb_dialect_openai, &kb_dialect_anthropic, &kb_dialect_gemini};

const struct kb_dialect *kb_dialect_named(const char *name)
{
	for (size_t i = 0; i < KB_DIALECTS; i++)
		if (!strcmp(kb_dialects[i]->name, name))
			return kb_dialects[i];
	return NULL;
}

bool kb_dialect_versioned(const char *base_url)
{
	const char *p = strstr(base_url, "://");

	p = p ? p + 3 : base_url;
	while ((p = strstr(p, "/v"))) {
		p += 2;
		if (kb_is_digit(*p))
			return true;
	}
	return false;
}

const struct kb_dialect *kb_dialect_of(const struct kb_provider *provider)
{
	return provider->dialect ? provider->dialect : &kb_dialect_openai;
}
