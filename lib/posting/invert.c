#include "posting/invert.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/err.h"
#include "base/varint.h"
#include "posting/term_order.h"

#define PAGE_BITS  21 /* slices come from pages of 2 MB */
#define PAGE_SIZE  (1u << PAGE_BITS)
#define PAGE_MASK  (PAGE_SIZE - 1)
#define PAGES_MAX  2048 /* 32-bit offsets */
#define LINK_SIZE  4	/* a slice ends with the next one's offset */
#define LEVELS	   4	/* slice sizes 32 << level, to 256 */
#define IN_SLOT	   0xff /* level of postings in the slot itself */
#define FIRST_BITS 12
#define AHEAD	   16 /* terms between a prefetch and its use */

struct slot {
	uint64_t key;  /* 0: empty; no term has this key */
	uint32_t last; /* chunk that collects now */
	uint32_t prev; /* chunk of the last posting written */
	union {
		unsigned char few[8]; /* the first postings */
		struct {
			uint32_t head; /* offset of the first slice */
			uint32_t tail; /* where the next posting goes */
		};
	};
	uint32_t text; /* offset of its text + 1 in texts, 0: none */
	uint16_t freq; /* in chunk 'last' */
	uint8_t left;  /* bytes free in few or in the tail slice */
	uint8_t level; /* of the tail slice, or IN_SLOT */
};

_Static_assert(sizeof(struct slot) == 32, "two slots a cache line");

struct kb_invert {
	struct slot *slots;
	unsigned bits; /* 1 << bits slots, and some behind them */
	size_t n, cap;
	unsigned char **pages;
	uint32_t n_pages, next; /* next free byte of the last page */
	unsigned char **spare;	/* pages of tables that were outgrown */
	size_t n_spare, cap_spare;
	struct kb_buf texts; /* u16 length and bytes each */
	uint32_t *order;     /* slots in the order of their mixed keys */
};

/* Linear probing does not wrap around, which would spoil the order: this
 * many slots stand behind the last home. The very last stays empty and
 * ends every probe; a table that would fill it grows. */
#define BEHIND 4096

#define HUGE_PAGE ((size_t)2 << 20)

static size_t whole_pages(size_t size)
{
	return (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
}

/*
 * Zeroed memory of whole huge pages, where the system has them: the table
 * and the slices are visited at random, and with pages of 4 KB most of the
 * time went into looking up addresses (see the commit for figures).
 */
static void *new_pages(size_t size)
{
	size_t need = whole_pages(size);
	char *p = mmap(NULL, need + HUGE_PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t skip;

	if (p == MAP_FAILED)
		kb_oom();
	skip = HUGE_PAGE - ((uintptr_t)p & (HUGE_PAGE - 1));
	munmap(p, skip);
	if (HUGE_PAGE > skip)
		munmap(p + skip + need, HUGE_PAGE - skip);
	madvise(p + skip, need, MADV_HUGEPAGE);
	return p + skip;
}

static void free_pages(void *p, size_t size)
{
	if (p)
		munmap(p, whole_pages(size));
}

static struct slot *new_table(unsigned bits)
{
	return new_pages((((size_t)1 << bits) + BEHIND) * sizeof(struct slot));
}

struct kb_invert *kb_invert_new(void)
{
	struct kb_invert *inv = kb_calloc(1, sizeof(*inv));

	inv->bits = FIRST_BITS;
	inv->slots = new_table(inv->bits);
	inv->cap = ((size_t)1 << inv->bits) + BEHIND;
	inv->pages = kb_calloc(PAGES_MAX, sizeof(*inv->pages));
	inv->next = PAGE_SIZE;
	kb_buf_init(&inv->texts, UINT32_MAX);
	return inv;
}

void kb_invert_free(struct kb_invert *inv)
{
	if (!inv)
		return;
	for (uint32_t i = 0; i < inv->n_pages; i++)
		free_pages(inv->pages[i], PAGE_SIZE);
	for (size_t i = 0; i < inv->n_spare; i++)
		free_pages(inv->spare[i], PAGE_SIZE);
	free(inv->pages);
	free(inv->spare);
	free_pages(inv->slots, inv->cap * sizeof(*inv->slots));
	free(inv->order);
	kb_buf_release(&inv->texts);
	free(inv);
}

/* The unused rest of the last page is not counted: a small bound would be
 * reached by the first document. */
size_t kb_invert_bytes(const struct kb_invert *inv)
{
	size_t pages = inv->n_pages ? inv->n_pages - 1 : 0;
	size_t last = inv->n_pages ? inv->next : 0;

	return inv->cap * sizeof(*inv->slots) + pages * PAGE_SIZE + last +
	       inv->texts.cap;
}

static unsigned char *at(const struct kb_invert *inv, uint32_t offset)
{
	return inv->pages[offset >> PAGE_BITS] + (offset & PAGE_MASK);
}

/* Memory that is mapped already is taken before new one. */
static unsigned char *new_page(struct kb_invert *inv)
{
	return inv->n_spare ? memset(inv->spare[--inv->n_spare], 0, PAGE_SIZE)
			    : new_pages(PAGE_SIZE);
}

/* Offset of a zeroed slice. */
static uint32_t new_slice(struct kb_invert *inv, uint8_t level)
{
	uint32_t size = 32u << level;

	if (inv->next + size > PAGE_SIZE) {
		if (inv->n_pages == PAGES_MAX)
			kb_oom();
		inv->pages[inv->n_pages++] = new_page(inv);
		inv->next = 0;
	}
	inv->next += size;
	return ((inv->n_pages - 1) << PAGE_BITS) + inv->next - size;
}

/* The tail slice is full: begin the next, and link it. */
static void next_slice(struct kb_invert *inv, struct slot *s)
{
	uint8_t level = (uint8_t)(s->level + (s->level < LEVELS - 1));
	uint32_t slice = new_slice(inv, level);

	memcpy(at(inv, s->tail + s->left), &slice, LINK_SIZE);
	s->tail = slice;
	s->level = level;
	s->left = (uint8_t)((32u << level) - LINK_SIZE);
}

/* The slot is full: its postings begin the first slice. */
static void leave_slot(struct kb_invert *inv, struct slot *s)
{
	uint8_t used = (uint8_t)(sizeof(s->few) - s->left);
	uint32_t slice = new_slice(inv, 0);

	memcpy(at(inv, slice), s->few, used);
	s->head = slice;
	s->tail = slice + used;
	s->level = 0;
	s->left = (uint8_t)(32 - LINK_SIZE - used);
}

/* v as a varint in the low bytes of a word; returns their number. */
static unsigned pack_varint(uint64_t v, uint64_t *bytes)
{
	unsigned n = 0;

	*bytes = 0;
	for (; v >= 128; v >>= 7)
		*bytes |= (v | 128) % 256 << (8 * n++);
	*bytes |= v << (8 * n);
	return n + 1;
}

/*
 * A posting never begins with a zero byte (the gap is shifted by one and
 * at least 2), so a zero means the rest of the slice is unused. It is
 * stored as one word of 8 bytes where the slice and its link have room for
 * that; what is stored behind it is zero, as it was.
 */
static void write_posting(struct kb_invert *inv, struct slot *s)
{
	uint64_t gap = s->last - s->prev, word, freq;
	unsigned len = pack_varint(gap << 1 | (s->freq == 1), &word);
	unsigned char *to;

	if (s->freq != 1) {
		unsigned more = pack_varint(s->freq, &freq);

		word |= freq << (8 * len);
		len += more;
	}
	s->prev = s->last;
	if (s->level == IN_SLOT) {
		if (len <= s->left) {
			memcpy(s->few + sizeof(s->few) - s->left, &word, len);
			s->left = (uint8_t)(s->left - len);
			return;
		}
		leave_slot(inv, s);
	}
	if (len > s->left)
		next_slice(inv, s);
	to = at(inv, s->tail);
	if (s->left + LINK_SIZE >= 8)
		memcpy(to, &word, 8);
	else
		memcpy(to, &word, len);
	s->tail += len;
	s->left = (uint8_t)(s->left - len);
}

static struct slot *find(const struct kb_invert *inv, uint64_t key,
			 uint64_t mixed)
{
	struct slot *s = &inv->slots[mixed >> (64 - inv->bits)];

	while (s->key && s->key != key)
		s++;
	return s;
}

/* Twice the size. The old slots come in nearly sorted order, so the new
 * table is filled from front to back. */
static void grow(struct kb_invert *inv)
{
	struct slot *old = inv->slots;
	size_t cap = inv->cap;

	inv->bits++;
	inv->slots = new_table(inv->bits);
	inv->cap = ((size_t)1 << inv->bits) + BEHIND;
	for (size_t i = 0; i < cap; i++)
		if (old[i].key)
			*find(inv, old[i].key, kb_dict_mix(old[i].key)) =
			    old[i];
	for (size_t done = 0; done < whole_pages(cap * sizeof(*old));
	     done += PAGE_SIZE) {
		kb_grow(&inv->spare, &inv->cap_spare, inv->n_spare + 1,
			sizeof(*inv->spare));
		inv->spare[inv->n_spare++] = (unsigned char *)old + done;
	}
}

static uint32_t keep_text(struct kb_invert *inv, struct kb_invert_terms *terms,
			  size_t term)
{
	size_t offset = inv->texts.len;

	while (terms->names < terms->names_end && terms->names->term < term)
		terms->names++;
	if (terms->names == terms->names_end || terms->names->term != term)
		return 0;
	kb_buf_add(&inv->texts, &terms->names->len, 2);
	kb_buf_add(&inv->texts, terms->texts + terms->names->off,
		   terms->names->len);
	return (uint32_t)offset + 1;
}

static uint16_t add_freq(uint32_t freq, unsigned weight)
{
	return (uint16_t)(freq + weight > UINT16_MAX ? UINT16_MAX
						     : freq + weight);
}

/* The slot of a term that comes soon is here by now: fetch the end of its
 * slices, where the finished posting will go. */
static void prefetch_tail(const struct kb_invert *inv, uint64_t mixed,
			  uint64_t key, uint32_t chunk)
{
	const struct slot *s = &inv->slots[mixed >> (64 - inv->bits)];

	if (s->key == key && s->level != IN_SLOT && s->last != chunk)
		__builtin_prefetch(at(inv, s->tail), 1);
}

static void count_term(struct kb_invert *inv, uint32_t chunk,
		       struct kb_invert_terms *terms, size_t term,
		       uint64_t mixed, unsigned weight)
{
	uint64_t key = terms->keys[term];
	struct slot *s = find(inv, key, mixed);

	if (s->key && s->last == chunk) {
		s->freq = add_freq(s->freq, weight);
		return;
	}
	if (s->key) {
		write_posting(inv, s);
	} else {
		while (s == &inv->slots[inv->cap - 1]) {
			grow(inv);
			s = find(inv, key, mixed);
		}
		s->key = key;
		s->text = keep_text(inv, terms, term);
		s->prev = UINT32_MAX;
		s->left = sizeof(s->few);
		s->level = IN_SLOT;
		inv->n++;
	}
	s->last = chunk;
	s->freq = add_freq(0, weight);
}

void kb_invert_add(struct kb_invert *inv, uint32_t chunk,
		   struct kb_invert_terms *terms, unsigned weight)
{
	const uint64_t *keys = terms->keys + terms->from;
	size_t n = terms->to - terms->from;
	uint64_t ring[AHEAD] = {0};

	assert(terms->from <= terms->to);
	assert(weight > 0);
	/* Growing here keeps the slots' places fixed during the loop. */
	while ((inv->n + n) * 3 > ((size_t)1 << inv->bits) * 2)
		grow(inv);
	for (size_t i = 0; i < n + AHEAD; i++) {
		size_t half = i - AHEAD / 2, now = i - AHEAD;
		uint64_t mixed = ring[i % AHEAD];

		if (i < n) {
			uint64_t m = kb_dict_mix(keys[i]);

			ring[i % AHEAD] = m;
			__builtin_prefetch(&inv->slots[m >> (64 - inv->bits)],
					   1);
		}
		if (half < n)
			prefetch_tail(inv, ring[half % AHEAD], keys[half],
				      chunk);
		if (now < n)
			count_term(inv, chunk, terms, terms->from + now, mixed,
				   weight);
	}
}

/* ---- reading ---- */

/* Insertion sort: probing displaces a slot by few places from its order. */
uint32_t kb_invert_sort(struct kb_invert *inv)
{
	uint64_t *mixed = kb_reallocarray(NULL, inv->n + 1, sizeof(*mixed));
	size_t n = 0;

	inv->order = kb_reallocarray(NULL, inv->n + 1, sizeof(*inv->order));
	for (size_t i = 0; i < inv->cap; i++) {
		uint64_t m;
		size_t j;

		if (!inv->slots[i].key)
			continue;
		m = kb_dict_mix(inv->slots[i].key);
		for (j = n; j && mixed[j - 1] > m; j--) {
			mixed[j] = mixed[j - 1];
			inv->order[j] = inv->order[j - 1];
		}
		mixed[j] = m;
		inv->order[j] = (uint32_t)i;
		n++;
	}
	free(mixed);
	return (uint32_t)n;
}

static void make_room(struct kb_invert_room *room, size_t n)
{
	kb_grow(&room->chunks, &room->cap, n, sizeof(*room->chunks));
	kb_grow(&room->freqs, &room->cap_freqs, n, sizeof(*room->freqs));
}

/* One slice's postings behind list->n; returns where they end. chunk is
 * one more than the last posting's. */
static const unsigned char *read_slice(const unsigned char *p,
				       const unsigned char *end,
				       struct kb_invert_room *room, uint32_t *n,
				       uint32_t *chunk)
{
	uint32_t *chunks = room->chunks + *n;
	uint16_t *freqs = room->freqs + *n;

	while (p < end && *p) {
		uint64_t v = *p, freq = 1;

		if (v < 128)
			p++;
		else
			kb_varint_get(&p, end, &v);
		if (!(v & 1))
			kb_varint_get(&p, end, &freq);
		*chunk += (uint32_t)(v >> 1);
		*chunks++ = *chunk - 1;
		*freqs++ = (uint16_t)freq;
	}
	*n = (uint32_t)(chunks - room->chunks);
	return p;
}

static void read_slices(const struct kb_invert *inv, const struct slot *s,
			struct kb_invert_room *room,
			struct kb_invert_list *list)
{
	uint32_t slice = s->head, chunk = 0;
	unsigned level = 0;

	for (;;) {
		const unsigned char *start = at(inv, slice);
		const unsigned char *end = start + (32u << level) - LINK_SIZE;
		const unsigned char *p;
		uint32_t next;

		/* the link is there already, 0 in the last slice */
		memcpy(&next, end, LINK_SIZE);
		for (unsigned i = 0; i < 64u << level && i < 256; i += 64)
			__builtin_prefetch(at(inv, next) + i);
		/* a posting takes at least a byte */
		make_room(room, list->n + (32u << level));
		p = read_slice(start, end, room, &list->n, &chunk);
		if (slice + (uint32_t)(p - start) == s->tail)
			return;
		slice = next;
		level += level < LEVELS - 1;
	}
}

static void read_slot(const struct slot *s, struct kb_invert_room *room,
		      struct kb_invert_list *list)
{
	uint32_t chunk = 0;

	make_room(room, sizeof(s->few));
	read_slice(s->few, s->few + sizeof(s->few) - s->left, room, &list->n,
		   &chunk);
}

static void drop_dead(const uint64_t *dead, struct kb_invert_room *room,
		      struct kb_invert_list *list)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->n; i++) {
		uint32_t chunk = room->chunks[i];

		if (dead[chunk / 64] >> (chunk % 64) & 1)
			continue;
		room->chunks[kept] = chunk;
		room->freqs[kept++] = room->freqs[i];
	}
	list->n = kept;
}

/* Bring the slots and first slices of the terms to come. */
static void prefetch_terms(const struct kb_invert *inv, uint32_t i)
{
	if (i + 16 < inv->n)
		__builtin_prefetch(&inv->slots[inv->order[i + 16]]);
	if (i + 8 < inv->n) {
		const struct slot *s = &inv->slots[inv->order[i + 8]];

		if (s->level != IN_SLOT)
			__builtin_prefetch(at(inv, s->head));
	}
}

void kb_invert_read(const struct kb_invert *inv, uint32_t i,
		    const uint64_t *dead, struct kb_invert_room *room,
		    struct kb_invert_list *list)
{
	const struct slot *s = &inv->slots[inv->order[i]];

	assert(inv->order && i < inv->n); /* sorted */
	assert(s->key);
	prefetch_terms(inv, i);
	*list = (struct kb_invert_list){.key = s->key,
					.mixed = kb_dict_mix(s->key)};
	if (s->text) {
		const char *t = inv->texts.ptr + s->text - 1;
		uint16_t len;

		memcpy(&len, t, 2);
		list->text = (struct kb_str){t + 2, len};
	}
	if (s->level == IN_SLOT)
		read_slot(s, room, list);
	else
		read_slices(inv, s, room, list);
	make_room(room, list->n + (size_t)1);
	room->chunks[list->n] = s->last;
	room->freqs[list->n++] = s->freq;
	if (dead)
		drop_dead(dead, room, list);
	list->chunks = room->chunks;
	list->freqs = room->freqs;
}

void kb_invert_room_release(struct kb_invert_room *room)
{
	free(room->chunks);
	free(room->freqs);
	*room = (struct kb_invert_room){0};
}
