#include "encoder/protobuf.h"

/* 10 bytes hold 64 bits in groups of 7. */
static bool take_varint(const unsigned char **at, const unsigned char *end,
			uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; *at < end && shift < 70; shift += 7) {
		unsigned char c = *(*at)++;

		if (shift < 64)
			*out |= (uint64_t)(c & 127) << shift;
		if (c < 128)
			return true;
	}
	return false;
}

static bool take_fixed(struct kb_protobuf *p, size_t n)
{
	if ((size_t)(p->end - p->at) < n)
		return false;
	p->number = 0;
	memcpy(&p->number, p->at, n);
	p->at += n;
	return true;
}

static bool take_bytes(struct kb_protobuf *p)
{
	uint64_t n;

	if (!take_varint(&p->at, p->end, &n) || n > (uint64_t)(p->end - p->at))
		return false;
	p->bytes = (struct kb_str){(const char *)p->at, (size_t)n};
	p->at += n;
	return true;
}

static bool take_value(struct kb_protobuf *p)
{
	switch (p->wire) {
	case 0:
		return take_varint(&p->at, p->end, &p->number);
	case 1:
		return take_fixed(p, 8);
	case 2:
		return take_bytes(p);
	case 5:
		return take_fixed(p, 4);
	default:
		return false; /* groups are no more */
	}
}

bool kb_protobuf_next(struct kb_protobuf *p)
{
	uint64_t key;

	if (p->broken || p->at == p->end)
		return false;
	p->broken = true;
	if (!take_varint(&p->at, p->end, &key) || key >> 3 == 0 ||
	    key >> 3 > UINT32_MAX)
		return false;
	p->field = (uint32_t)(key >> 3);
	p->wire = key & 7;
	p->number = 0;
	p->bytes = (struct kb_str){NULL, 0};
	if (!take_value(p))
		return false;
	p->broken = false;
	return true;
}

bool kb_protobuf_packed(struct kb_str *rest, uint64_t *number)
{
	const unsigned char *at = (const unsigned char *)rest->ptr, *from = at;

	if (!rest->len || !take_varint(&at, from + rest->len, number))
		return false;
	*rest = kb_str_skip(*rest, (size_t)(at - from));
	return true;
}
