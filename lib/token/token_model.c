#include "token/token_model.h"

#include <string.h>

/* In this order: the first that a name begins with. */
static const struct {
	const char *first;
	enum kb_split_rule rule;
} models[] = {
    {"gpt-4o", KB_SPLIT_O200K},
    {"gpt-4.1", KB_SPLIT_O200K},
    {"gpt-4.5", KB_SPLIT_O200K},
    {"gpt-4", KB_SPLIT_CL100K},
    {"gpt-3.5", KB_SPLIT_CL100K},
    {"gpt-35", KB_SPLIT_CL100K},
    {"gpt-5", KB_SPLIT_O200K},
    {"gpt-oss", KB_SPLIT_O200K},
    {"chatgpt-4o", KB_SPLIT_O200K},
    {"o1", KB_SPLIT_O200K},
    {"o3", KB_SPLIT_O200K},
    {"o4-mini", KB_SPLIT_O200K},
    {"text-embedding-3", KB_SPLIT_CL100K},
    {"text-embedding-ada-002", KB_SPLIT_CL100K},
    {"davinci-002", KB_SPLIT_CL100K},
    {"babbage-002", KB_SPLIT_CL100K},
};

/* gpt-4 and gpt-4-turbo begin with gpt-4, gpt-42 does not. */
static bool ends_there(char next)
{
	return next == '\0' || next == '-' || next == ':' || next == '@' ||
	       next == '.';
}

bool kb_token_rule_of_model(const char *model, enum kb_split_rule *rule)
{
	const char *slash = strrchr(model, '/');

	if (slash)
		model = slash + 1;
	if (!strncmp(model, "ft:", 3))
		model += 3;
	for (size_t i = 0; i < sizeof(models) / sizeof(*models); i++) {
		size_t n = strlen(models[i].first);

		if (strncmp(model, models[i].first, n) != 0 ||
		    !ends_there(model[n]))
			continue;
		*rule = models[i].rule;
		return true;
	}
	return false;
}
