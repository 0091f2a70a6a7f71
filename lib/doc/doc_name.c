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
