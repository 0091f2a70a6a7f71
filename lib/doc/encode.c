#include "doc/encode.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>

#include "base/utf8.h"

static const struct {
	const char *magic;
	unsigned char len;
	const char *what;
} magics[] = {
    {"%PDF-", 5, "a PDF file"},
    {"PK\3\4", 4, "a ZIP or Office file"},
    {"\x7f"
     "ELF",
     4, "a program"},
    {"\x89PNG", 4, "a PNG image"},
    {"\xff\xd8\xff", 3, "a JPEG image"},
    {"GIF8", 4, "a GIF image"},
    {"\xd0\xcf\x11\xe0", 4, "an old Office file"},
    {"BZh", 3, "a bzip2 file"},
    {"\xfd"
     "7zXZ",
     5, "an xz file"},
    {"7z\xbc\xaf", 4, "a 7-Zip file"},
    {"Rar!", 4, "a RAR file"},
    {"SQLite format 3", 15, "an SQLite database"},
    {"ID3", 3, "an MP3 file"},
    {"OggS", 4, "an Ogg file"},
    {"RIFF", 4, "a RIFF file"},
    {"\xff\xfe\0\0", 4,
     "UTF-32 text: 'iconv -f UTF-32 -t UTF-8' makes it "
     "readable"},
    {"\0\0\xfe\xff", 4,
     "UTF-32 text: 'iconv -f UTF-32 -t UTF-8' makes it "
     "readable"},
};

static unsigned utf16_unit(const unsigned char *p, bool be)
{
	return be ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

/*
 * Share of plausible code units, in percent; 0 for broken surrogates, and
 * when the NULs are not the upper halves of ASCII characters.
 */
static unsigned utf16_score(const unsigned char *p, size_t len, size_t nul,
			    bool be)
{
	size_t n = len / 2, good = 0, ascii = 0, i;
	bool high = false;

	for (i = 0; i < n; i++) {
		unsigned u = utf16_unit(p + 2 * i, be);

		if ((u >= 0xdc00 && u < 0xe000) != high)
			return 0;
		high = u >= 0xd800 && u < 0xdc00;
		ascii += u && u < 0x80;
		if ((u >= 0x20 && u < 0x7f) || u == '\n' || u == '\r' ||
		    u == '\t' || (u >= 0xa0 && u < 0x500) ||
		    (u >= 0x2010 && u < 0x2040) ||
		    (u >= 0x3000 && u < 0x3100) ||
		    (u >= 0x4e00 && u < 0xa000) ||
		    (u >= 0xac00 && u < 0xd7a4) || (u >= 0xff00 && u < 0xfff0))
			good++;
	}
	return ascii * 2 >= nul && n ? (unsigned)(good * 100 / n) : 0;
}

/* Text of UTF-16 without a mark: only asked about when there are NULs. */
static bool guess_utf16(struct kb_str s, size_t nul, enum kb_encoding *enc)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	unsigned le = utf16_score(p, s.len, nul, false);
	unsigned be = utf16_score(p, s.len, nul, true);

	if (le < 95 && be < 95)
		return false;
	*enc = le >= be ? KB_ENC_UTF16LE : KB_ENC_UTF16BE;
	return true;
}

/*
 * Is it text behind a mark of UTF-16? Of random bytes one unit in 32 is half
 * a surrogate pair, of text hardly any.
 */
static bool is_marked_utf16(const unsigned char *p, size_t len, bool be)
{
	size_t n = len / 2, broken = 0;
	bool high = false;

	for (size_t i = 0; i < n; i++) {
		unsigned u = utf16_unit(p + 2 * i, be);

		broken += (u >= 0xdc00 && u < 0xe000) != high;
		high = u >= 0xd800 && u < 0xdc00;
	}
	return broken * 100 <= n || broken == 1;
}

struct counts {
	size_t nul, control, high;
	size_t utf8_good, utf8_bad; /* multi-byte characters, stray bytes */
};

static void count(struct kb_str s, struct counts *c)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t i = 0, len;

	*c = (struct counts){0};
	while (i < s.len) {
		if (p[i] < 0x80) {
			c->nul += p[i] == 0;
			c->control +=
			    (p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' &&
			     p[i] != '\r' && p[i] != '\f' && p[i] != 0x1b) ||
			    p[i] == 0x7f;
			i++;
			continue;
		}
		c->high++;
		len = kb_utf8_len(p + i, s.len - i);
		if (len)
			c->utf8_good++;
		else if (s.len - i >= 4) /* a cut last character is no fault */
			c->utf8_bad++;
		i += len ? len : 1;
	}
}

/*
 * GB18030: pairs of a lead 81-FE and a trail 40-FE, or four bytes. The
 * commonest characters, and the punctuation, are those of GB 2312: both
 * bytes from A1 on. Text of another encoding soon breaks a pair, or pairs
 * into characters nobody uses.
 */
static bool is_gb18030(struct kb_str s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t i = 0, pairs = 0, common = 0, bad = 0;

	while (i < s.len) {
		if (p[i] < 0x80) {
			i++;
			continue;
		}
		if (i + 4 > s.len)
			break;
		if (p[i] == 0x80 || p[i] == 0xff) {
			bad++;
			i++;
		} else if (p[i + 1] >= 0x40 && p[i + 1] != 0x7f &&
			   p[i + 1] != 0xff) {
			pairs++;
			common += p[i + 1] >= 0xa1 &&
				  ((p[i] >= 0xb0 && p[i] <= 0xf7) ||
				   (p[i] >= 0xa1 && p[i] <= 0xa9));
			i += 2;
		} else if (p[i + 1] >= 0x30 && p[i + 1] <= 0x39 &&
			   p[i + 2] >= 0x81 && p[i + 3] >= 0x30 &&
			   p[i + 3] <= 0x39) {
			pairs++;
			i += 4;
		} else {
			bad++;
			i++;
		}
	}
	return pairs && bad * 1000 <= pairs && common * 2 >= pairs;
}

/* A short text can end inside what is_gb18030() wants to see whole. */
static bool is_gb18030_padded(struct kb_str s)
{
	struct kb_buf buf;
	bool yes;

	if (s.len > 4096)
		return is_gb18030(s);
	kb_buf_init(&buf, 0);
	kb_buf_add_str(&buf, s);
	kb_buf_add(&buf, "    ", 4);
	yes = is_gb18030(kb_buf_str(&buf));
	kb_buf_release(&buf);
	return yes;
}

enum kb_encoding kb_encoding_guess(struct kb_str s, size_t *bom,
				   const char **why)
{
	enum kb_encoding enc;
	struct counts c;
	size_t i;

	assert(s.ptr || !s.len);
	*bom = 0;
	*why = NULL;
	if (s.len > KB_ENC_SAMPLE)
		s.len = KB_ENC_SAMPLE;
	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (s.len >= magics[i].len &&
		    !memcmp(s.ptr, magics[i].magic, magics[i].len)) {
			*why = magics[i].what;
			return KB_ENC_BINARY;
		}
	}
	*bom = kb_str_mark(s);
	if (*bom) {
		return KB_ENC_UTF8;
	}
	if (s.len >= 2 &&
	    (!memcmp(s.ptr, "\xff\xfe", 2) || !memcmp(s.ptr, "\xfe\xff", 2))) {
		enc = s.ptr[0] == '\xff' ? KB_ENC_UTF16LE : KB_ENC_UTF16BE;
		*bom = 2;
		if (is_marked_utf16((const unsigned char *)s.ptr, s.len,
				    enc == KB_ENC_UTF16BE))
			return enc;
		*why = "binary data (behind a mark of UTF-16)";
		return KB_ENC_BINARY;
	}
	count(s, &c);
	if (c.nul && guess_utf16(s, c.nul, &enc))
		return enc;
	if (c.control * 50 > s.len) {
		*why = c.nul ? "binary data (NUL bytes)"
			     : "binary data (control characters)";
		return KB_ENC_BINARY;
	}
	if (!c.utf8_bad && (c.utf8_good || !c.high))
		return KB_ENC_UTF8;
	if (is_gb18030_padded(s))
		return KB_ENC_GB18030;
	if (c.utf8_good >= 2 * c.utf8_bad)
		return KB_ENC_UTF8;
	if (c.high * 3 <= s.len)
		return KB_ENC_WINDOWS1252;
	*why = "binary data (no known encoding)";
	return KB_ENC_UNKNOWN;
}

static int over(const struct kb_buf *out, struct kb_err *err)
{
	return kb_err_set(err, KB_ELIMIT,
			  "text is larger than the limit of %zu bytes",
			  out->max);
}

/* UTF-8 to UTF-8: only the broken parts change. */
static int repair_utf8(struct kb_str text, struct kb_buf *out,
		       struct kb_err *err)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t i = 0, from = 0, len;

	while (i < text.len) {
		len = p[i] < 0x80 ? 1 : kb_utf8_len(p + i, text.len - i);
		if (len) {
			i += len;
			continue;
		}
		kb_buf_add(out, text.ptr + from, i - from);
		kb_buf_add(out, KB_UTF8_MARK, 3);
		i++;
		/* one mark for all of a cut character */
		while (i < text.len && kb_utf8_is_inner(text.ptr[i]))
			i++;
		from = i;
	}
	if (i > from)
		kb_buf_add(out, text.ptr + from, i - from);
	return out->over ? over(out, err) : KB_OK;
}

/* Unsound units of 'unit' bytes become U+FFFD. */
static void convert(iconv_t cd, struct kb_str text, size_t unit,
		    struct kb_buf *out)
{
	size_t left = text.len, room;
	char *src, *dst;

	assert(unit == 1 || unit == 2);
	/* iconv does not write through its source pointer */
	memcpy(&src, &text.ptr, sizeof(src));
	while (left && !out->over) {
		room = left < 65536 ? left * 3 + 4 : 65536;
		if (out->max && room > out->max - out->len)
			room = out->max - out->len;
		if (!kb_buf_reserve(out, room))
			break;
		dst = out->ptr + out->len;
		errno = 0;
		iconv(cd, &src, &left, &dst, &room);
		out->len = (size_t)(dst - out->ptr);
		if (errno == EILSEQ || errno == EINVAL) {
			size_t skip = left < unit ? left : unit;

			kb_buf_add(out, KB_UTF8_MARK, 3);
			src += skip;
			left -= skip;
		} else if (errno == E2BIG && out->max &&
			   out->max - out->len < 4) {
			out->over = true;
		}
	}
	if (out->ptr)
		out->ptr[out->len] = '\0';
}

int kb_encoding_convert_named(const char *name, struct kb_str text,
			      struct kb_buf *out, struct kb_err *err)
{
	size_t unit = strncmp(name, "UTF-16", 6) ? 1 : 2;
	iconv_t cd = iconv_open("UTF-8", name);

	if (cd == (iconv_t)-1)
		return kb_err_set(err, KB_EINVAL,
				  "this system's iconv does not know %s", name);
	convert(cd, text, unit, out);
	iconv_close(cd);
	return out->over ? over(out, err) : KB_OK;
}

int kb_encoding_convert(enum kb_encoding from, struct kb_str text,
			struct kb_buf *out, struct kb_err *err)
{
	static const char *const names[] = {
	    [KB_ENC_UTF16LE] = "UTF-16LE",
	    [KB_ENC_UTF16BE] = "UTF-16BE",
	    [KB_ENC_GB18030] = "GB18030",
	    [KB_ENC_WINDOWS1252] = "WINDOWS-1252",
	};
	int rc;

	if (from == KB_ENC_UTF8)
		return repair_utf8(text, out, err);
	if (from == KB_ENC_BINARY || from == KB_ENC_UNKNOWN)
		return kb_err_set(err, KB_EFORMAT, "binary data");
	rc = kb_encoding_convert_named(names[from], text, out, err);
	return rc == KB_EINVAL ? KB_EIO : rc;
}
