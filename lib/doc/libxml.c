#include "doc/libxml.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
    {"htmlNewParserCtxt", offsetof(struct kb_libxml, new_parser)},
    {"htmlFreeParserCtxt", offsetof(struct kb_libxml, free_parser)},
    {"htmlCtxtReadIO", offsetof(struct kb_libxml, read)},
    {"xmlStopParser", offsetof(struct kb_libxml, stop)},
    {"xmlByteConsumed", offsetof(struct kb_libxml, consumed)},
    {"xmlSAX2GetLineNumber", offsetof(struct kb_libxml, line)},
    {"xmlNewParserCtxt", offsetof(struct kb_libxml, new_xml)},
    {"xmlFreeParserCtxt", offsetof(struct kb_libxml, free_xml)},
    {"xmlCtxtReadIO", offsetof(struct kb_libxml, read_xml)},
    {"xmlFreeDoc", offsetof(struct kb_libxml, free_doc)},
};

/* The one whose headers this was compiled with: the structures differ. */
#if LIBXML_VERSION >= 21400
static const char library[] = "libxml2.so.16";
#else
static const char library[] = "libxml2.so.2";
#endif

const struct kb_libxml *kb_libxml_open(struct kb_err *err)
{
	static struct kb_libxml table;
	static bool ready;
	void *lib;

	if (ready)
		return &table;
	lib = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (!lib) {
		const char *why = dlerror();

		kb_err_set(err, KB_EREMOTE,
			   "HTML and Office files need libxml2: %s",
			   why ? why : library);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *fn = dlsym(lib, symbols[i].name);

		if (!fn) {
			kb_err_set(err, KB_EREMOTE, "this %s has no '%s'",
				   library, symbols[i].name);
			return NULL;
		}
		/* POSIX keeps functions and objects in pointers of one size;
		 * ISO C knows no cast between them. */
		memcpy((char *)&table + symbols[i].offset, &fn, sizeof(fn));
	}
	ready = true;
	return &table;
}
