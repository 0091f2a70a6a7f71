/* Apart from the readers: a search needs no reader. */
#include "base/str.h"
#include "doc/doc.h"

#define ENDING_MAX 8 /* letters and digits of a file's ending */

/* Of a name without packing: its ending with the dot, 0: none. A version, a
 * date or a sentence has dots, too. */
static size_t ending(struct kb_str name)
{
	size_t n = 0;

	while (n < name.len && n <= ENDING_MAX &&
	       kb_is_alnum(name.ptr[name.len - 1 - n]))
		n++;
	return n && n <= ENDING_MAX && n + 1 < name.len &&
		       name.ptr[name.len - 1 - n] == '.' &&
		       !kb_is_digit(name.ptr[name.len - n])
		   ? n + 1
		   : 0;
}

struct kb_str kb_doc_stem(struct kb_str path)
{
	const char *slash = path.len ? memrchr(path.ptr, '/', path.len) : NULL;
	struct kb_str name = path;

	if (slash) {
		name.ptr = slash + 1;
		name.len -= (size_t)(name.ptr - path.ptr);
	}
	if (kb_ends_folded(name.ptr, name.len, ".gz"))
		name.len -= 3;
	else if (kb_ends_folded(name.ptr, name.len, ".zst"))
		name.len -= 4;
	name.len -= ending(name);
	return name;
}

/* Of a name that is not the ending alone. */
static bool ends_with(const char *name, size_t len, const char *ext)
{
	size_t n = kb_ends_folded(name, len, ext);

	return n && len > n;
}

enum kb_doc_type kb_doc_type_of_name(const char *name)
{
	static const struct {
		const char *ext;
		enum kb_doc_type type;
	} exts[] = {
	    {".jsonl", KB_DOC_JSONL},  {".ndjson", KB_DOC_JSONL},
	    {".md", KB_DOC_MARKDOWN},  {".markdown", KB_DOC_MARKDOWN},
	    {".mkd", KB_DOC_MARKDOWN}, {".html", KB_DOC_HTML},
	    {".htm", KB_DOC_HTML},     {".xhtml", KB_DOC_HTML},
	    {".txt", KB_DOC_TEXT},     {".text", KB_DOC_TEXT},
	    {".log", KB_DOC_TEXT},     {".csv", KB_DOC_CSV},
	    {".tsv", KB_DOC_CSV},
	};
	size_t len = strlen(name), i;

	if (ends_with(name, len, ".gz"))
		len -= 3;
	else if (ends_with(name, len, ".zst"))
		len -= 4;
	for (i = 0; i < sizeof(exts) / sizeof(exts[0]); i++) {
		if (ends_with(name, len, exts[i].ext))
			return exts[i].type;
	}
	return KB_DOC_AUTO;
}
