#include "cli/set_aside.h"

#include <string.h>

#include "cli/run.h"

static struct kb_aside asides[KB_ASIDES];
static size_t n_asides;

int kb_cli_set_aside(const char *path, const char *option, struct kb_err *err)
{
	if (!path)
		return 0;
	if (!strcmp(path, "-"))
		return kb_err_set(err, KB_EINVAL,
				  "%s: standard output has the other records; "
				  "name a file",
				  option);
	for (size_t i = 0; i < n_asides; i++)
		if (!strcmp(asides[i].path, path))
			return (int)i;
	if (n_asides == KB_ASIDES)
		return kb_err_set(err, KB_ELIMIT, "%s: more than %d files",
				  option, KB_ASIDES);
	asides[n_asides] = (struct kb_aside){
	    .path = path, .option = option, .out.file = KB_FILE_OUT_NONE};
	return (int)n_asides++;
}

bool kb_aside_at(size_t i, struct kb_aside **out)
{
	if (i >= n_asides)
		return false;
	*out = &asides[i];
	return true;
}

int kb_asides_open(struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n_asides && !rc; i++) {
		rc = kb_output_open(&asides[i].out, asides[i].path, err);
		asides[i].opened = !rc;
	}
	return rc;
}

int kb_asides_each(int (*fn)(struct kb_output *out, struct kb_err *err),
		   struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n_asides && !rc; i++)
		if (asides[i].opened)
			rc = fn(&asides[i].out, err);
	return rc;
}

void kb_asides_release(void)
{
	for (size_t i = 0; i < n_asides; i++)
		kb_output_release(&asides[i].out);
}
