#include "doc/html.h"

#include <stdlib.h>

/*
 * The character entities of HTML 4.01 (W3C Recommendation, 24 December
 * 1999, section 24) with apos of XHTML: the names and their code points,
 * sorted by name.
 */
static const struct entity {
	const char *name;
	unsigned short cp;
} entities[] = {
    {"AElig", 198},    {"Aacute", 193},	 {"Acirc", 194},    {"Agrave", 192},
    {"Alpha", 913},    {"Aring", 197},	 {"Atilde", 195},   {"Auml", 196},
    {"Beta", 914},     {"Ccedil", 199},	 {"Chi", 935},	    {"Dagger", 8225},
    {"Delta", 916},    {"ETH", 208},	 {"Eacute", 201},   {"Ecirc", 202},
    {"Egrave", 200},   {"Epsilon", 917}, {"Eta", 919},	    {"Euml", 203},
    {"Gamma", 915},    {"Iacute", 205},	 {"Icirc", 206},    {"Igrave", 204},
    {"Iota", 921},     {"Iuml", 207},	 {"Kappa", 922},    {"Lambda", 923},
    {"Mu", 924},       {"Ntilde", 209},	 {"Nu", 925},	    {"OElig", 338},
    {"Oacute", 211},   {"Ocirc", 212},	 {"Ograve", 210},   {"Omega", 937},
    {"Omicron", 927},  {"Oslash", 216},	 {"Otilde", 213},   {"Ouml", 214},
    {"Phi", 934},      {"Pi", 928},	 {"Prime", 8243},   {"Psi", 936},
    {"Rho", 929},      {"Scaron", 352},	 {"Sigma", 931},    {"THORN", 222},
    {"Tau", 932},      {"Theta", 920},	 {"Uacute", 218},   {"Ucirc", 219},
    {"Ugrave", 217},   {"Upsilon", 933}, {"Uuml", 220},	    {"Xi", 926},
    {"Yacute", 221},   {"Yuml", 376},	 {"Zeta", 918},	    {"aacute", 225},
    {"acirc", 226},    {"acute", 180},	 {"aelig", 230},    {"agrave", 224},
    {"alefsym", 8501}, {"alpha", 945},	 {"amp", 38},	    {"and", 8743},
    {"ang", 8736},     {"apos", 39},	 {"aring", 229},    {"asymp", 8776},
    {"atilde", 227},   {"auml", 228},	 {"bdquo", 8222},   {"beta", 946},
    {"brvbar", 166},   {"bull", 8226},	 {"cap", 8745},	    {"ccedil", 231},
    {"cedil", 184},    {"cent", 162},	 {"chi", 967},	    {"circ", 710},
    {"clubs", 9827},   {"cong", 8773},	 {"copy", 169},	    {"crarr", 8629},
    {"cup", 8746},     {"curren", 164},	 {"dArr", 8659},    {"dagger", 8224},
    {"darr", 8595},    {"deg", 176},	 {"delta", 948},    {"diams", 9830},
    {"divide", 247},   {"eacute", 233},	 {"ecirc", 234},    {"egrave", 232},
    {"empty", 8709},   {"emsp", 8195},	 {"ensp", 8194},    {"epsilon", 949},
    {"equiv", 8801},   {"eta", 951},	 {"eth", 240},	    {"euml", 235},
    {"euro", 8364},    {"exist", 8707},	 {"fnof", 402},	    {"forall", 8704},
    {"frac12", 189},   {"frac14", 188},	 {"frac34", 190},   {"frasl", 8260},
    {"gamma", 947},    {"ge", 8805},	 {"gt", 62},	    {"hArr", 8660},
    {"harr", 8596},    {"hearts", 9829}, {"hellip", 8230},  {"iacute", 237},
    {"icirc", 238},    {"iexcl", 161},	 {"igrave", 236},   {"image", 8465},
    {"infin", 8734},   {"int", 8747},	 {"iota", 953},	    {"iquest", 191},
    {"isin", 8712},    {"iuml", 239},	 {"kappa", 954},    {"lArr", 8656},
    {"lambda", 955},   {"lang", 9001},	 {"laquo", 171},    {"larr", 8592},
    {"lceil", 8968},   {"ldquo", 8220},	 {"le", 8804},	    {"lfloor", 8970},
    {"lowast", 8727},  {"loz", 9674},	 {"lrm", 8206},	    {"lsaquo", 8249},
    {"lsquo", 8216},   {"lt", 60},	 {"macr", 175},	    {"mdash", 8212},
    {"micro", 181},    {"middot", 183},	 {"minus", 8722},   {"mu", 956},
    {"nabla", 8711},   {"nbsp", 160},	 {"ndash", 8211},   {"ne", 8800},
    {"ni", 8715},      {"not", 172},	 {"notin", 8713},   {"nsub", 8836},
    {"ntilde", 241},   {"nu", 957},	 {"oacute", 243},   {"ocirc", 244},
    {"oelig", 339},    {"ograve", 242},	 {"oline", 8254},   {"omega", 969},
    {"omicron", 959},  {"oplus", 8853},	 {"or", 8744},	    {"ordf", 170},
    {"ordm", 186},     {"oslash", 248},	 {"otilde", 245},   {"otimes", 8855},
    {"ouml", 246},     {"para", 182},	 {"part", 8706},    {"permil", 8240},
    {"perp", 8869},    {"phi", 966},	 {"pi", 960},	    {"piv", 982},
    {"plusmn", 177},   {"pound", 163},	 {"prime", 8242},   {"prod", 8719},
    {"prop", 8733},    {"psi", 968},	 {"quot", 34},	    {"rArr", 8658},
    {"radic", 8730},   {"rang", 9002},	 {"raquo", 187},    {"rarr", 8594},
    {"rceil", 8969},   {"rdquo", 8221},	 {"real", 8476},    {"reg", 174},
    {"rfloor", 8971},  {"rho", 961},	 {"rlm", 8207},	    {"rsaquo", 8250},
    {"rsquo", 8217},   {"sbquo", 8218},	 {"scaron", 353},   {"sdot", 8901},
    {"sect", 167},     {"shy", 173},	 {"sigma", 963},    {"sigmaf", 962},
    {"sim", 8764},     {"spades", 9824}, {"sub", 8834},	    {"sube", 8838},
    {"sum", 8721},     {"sup", 8835},	 {"sup1", 185},	    {"sup2", 178},
    {"sup3", 179},     {"supe", 8839},	 {"szlig", 223},    {"tau", 964},
    {"there4", 8756},  {"theta", 952},	 {"thetasym", 977}, {"thinsp", 8201},
    {"thorn", 254},    {"tilde", 732},	 {"times", 215},    {"trade", 8482},
    {"uArr", 8657},    {"uacute", 250},	 {"uarr", 8593},    {"ucirc", 251},
    {"ugrave", 249},   {"uml", 168},	 {"upsih", 978},    {"upsilon", 965},
    {"uuml", 252},     {"weierp", 8472}, {"xi", 958},	    {"yacute", 253},
    {"yen", 165},      {"yuml", 255},	 {"zeta", 950},	    {"zwj", 8205},
    {"zwnj", 8204},
};

static int by_name(const void *key, const void *item)
{
	const struct kb_str *name = key;
	const struct entity *e = item;

	return kb_str_cmp(*name, kb_str_of(e->name));
}

static uint32_t numeric(struct kb_str s)
{
	/* What the C1 range means in practice: Windows-1252 (the HTML
	 * standard, section 13.2.5.80, numeric character reference end). */
	static const unsigned short c1[32] = {
	    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	    0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};
	bool hex = s.len && (s.ptr[0] | 32) == 'x';
	uint32_t cp = 0;
	size_t i = hex;

	if (i == s.len || s.len - i > 8)
		return 0xfffd;
	for (; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		unsigned digit =
		    c <= '9' ? c - (unsigned)'0' : (c | 32u) - 'a' + 10u;

		if (digit >= (hex ? 16u : 10u))
			return 0xfffd;
		cp = cp * (hex ? 16 : 10) + digit;
	}
	if (cp >= 0x80 && cp < 0xa0)
		return c1[cp - 0x80];
	if (cp == 0 || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return 0xfffd;
	return cp;
}

/* Names that old pages write without a semicolon. */
static bool is_legacy(struct kb_str name)
{
	static const char *const names[] = {"amp",  "lt",   "gt", "quot",
					    "nbsp", "copy", "reg"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (kb_str_is(name, names[i]))
			return true;
	}
	return false;
}

size_t kb_html_entity(const char *p, size_t len, uint32_t *cp)
{
	const struct entity *found;
	struct kb_str name = {p + 1, 0};
	size_t start = len > 1 && p[1] == '#' ? 2 : 1, n = start;
	bool semicolon;

	while (n < len && n < 40 &&
	       ((p[n] >= '0' && p[n] <= '9') ||
		((p[n] | 32) >= 'a' && (p[n] | 32) <= 'z')))
		n++;
	semicolon = n < len && p[n] == ';';
	if (n == start || (start == 2 && n == 3 && (p[2] | 32) == 'x'))
		return 0;
	if (start == 2) {
		*cp = numeric((struct kb_str){p + 2, n - 2});
		return n + semicolon;
	}
	name.len = n - 1;
	if (!semicolon && !is_legacy(name))
		return 0;
	found = bsearch(&name, entities, sizeof(entities) / sizeof(entities[0]),
			sizeof(entities[0]), by_name);
	if (!found)
		return 0;
	*cp = found->cp;
	return n + semicolon;
}
