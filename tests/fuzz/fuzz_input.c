/* What every filter reads: lines, plain or packed with gzip or zstd, or JSON
 * values laid out in any way. No line is longer than allowed, none holds its
 * end, and pieces of a long one stand between nothing else. */
#include "memory_file.h"
#include "json/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_LINE = 300, LIMIT = 1 << 20 };

/* Keeps what is read from being optimised away. */
static volatile size_t seen;

static void read_all(const char *const *files, size_t n,
		     enum kb_input_takes takes)
{
	enum kb_input_event event;
	bool in_long = false;
	struct kb_input in;
	struct kb_str line;
	size_t sum = 0;

	kb_input_init(&in, files, n, MAX_LINE);
	in.takes = takes;
	while ((event = kb_input_next(&in, true, &line, NULL)) !=
		   KB_INPUT_END &&
	       event != KB_INPUT_FAIL && in.bytes < LIMIT) {
		if (event == KB_INPUT_WAIT)
			continue;
		if (event == KB_INPUT_LINE &&
		    (in_long || line.len > MAX_LINE ||
		     (line.len && in.shape == KB_SHAPE_LINES &&
		      memchr(line.ptr, '\n', line.len))))
			abort();
		in_long = event == KB_INPUT_PIECE;
		for (size_t i = 0; i < line.len; i++)
			sum += (unsigned char)line.ptr[i];
	}
	if (event == KB_INPUT_END && in_long)
		abort();
	kb_input_release(&in);
	seen += sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *files[2];
	struct memory_file f;

	memory_file_make(&f, data, size);
	files[0] = files[1] = f.path;
	for (int i = KB_INPUT_TAKES_LINES; i <= KB_INPUT_TAKES_BOTH; i++)
		read_all(files, 2, (enum kb_input_takes)i);
	memory_file_close(&f);
	return 0;
}
