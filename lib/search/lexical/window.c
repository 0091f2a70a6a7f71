#include "search/lexical/window.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "search/lexical/collect.h"

/* Lists up to this many postings, or a 64th of the segment, are decoded and
 * scored at once: most of them would be wanted whole anyway, and their
 * bounds become exact. */
#define READY_MAX 32768
/* Postings held ready in all; keeps a long question's memory at 8 MB. */
#define READY_ALL ((size_t)1 << 20)

struct list {
	struct kb_cursor cur; /* of a list that is not ready */
	int32_t block_points[KB_POSTINGS_BLOCK];
	uint32_t scored; /* block whose points these are, or KB_NO_CHUNK */
	float weight;
	bool ready;
	size_t at; /* of a ready list in the pool */
	uint32_t n;
};

struct active {
	int32_t bound;
	uint32_t list;
};

struct ranked {
	int64_t total;
	uint32_t window;
};

struct kb_windows {
	struct list *lists;
	size_t n_lists, lists_cap;
	uint32_t *pool_chunks; /* of the ready lists */
	int32_t *pool_points;
	size_t pool_n, chunks_cap, points_cap;
	int32_t *bounds;  /* [window * n_lists + list] */
	uint32_t *starts; /* first block, or posting of a ready list */
	size_t bounds_cap, starts_cap;
	struct ranked *order;
	size_t order_cap;
	struct active *active;
	int64_t *sums; /* sums[i]: bounds of active[0..i) */
	size_t active_cap, sums_cap;
	const struct kb_segment *seg;
	struct kb_bm25 params;
	uint32_t n_windows;
	bool damaged;
	uint32_t n_found; /* candidates of the window */
	uint16_t found[KB_WINDOW + KB_COLLECT_STEP];
	int32_t sum[KB_WINDOW]; /* points of each chunk; 0 between windows */
};

struct kb_windows *kb_windows_new(void)
{
	return kb_calloc(1, sizeof(struct kb_windows));
}

void kb_windows_free(struct kb_windows *win)
{
	if (!win)
		return;
	free(win->lists);
	free(win->pool_chunks);
	free(win->pool_points);
	free(win->bounds);
	free(win->starts);
	free(win->order);
	free(win->active);
	free(win->sums);
	free(win);
}

/* ---- preparation: bounds of every term in every window ---- */

static void raise_bound(struct kb_windows *win, size_t list, uint32_t window,
			int32_t bound, uint32_t start)
{
	size_t at = window * win->n_lists + list;

	if (!win->bounds[at])
		win->starts[at] = start;
	if (bound > win->bounds[at])
		win->bounds[at] = bound;
}

/* Points of the current block, once. */
static void score_block(struct kb_windows *win, struct list *list)
{
	struct kb_cursor *cur = &list->cur;

	if (list->scored == cur->block && cur->decoded)
		return;
	kb_cursor_decode_freqs(cur);
	win->damaged |= cur->damaged;
	kb_bm25_block(win->params, list->weight, cur->chunks, cur->freqs,
		      cur->n, win->seg->lengths, list->block_points);
	list->scored = cur->block;
}

static void make_ready(struct kb_windows *win, size_t no)
{
	struct list *list = win->lists + no;
	struct kb_cursor *cur = &list->cur;

	list->at = win->pool_n;
	for (uint32_t block = 0; block < cur->n_blocks; block++) {
		kb_cursor_move(cur, block);
		score_block(win, list);
		memcpy(win->pool_chunks + win->pool_n, cur->chunks,
		       cur->n * sizeof(uint32_t));
		memcpy(win->pool_points + win->pool_n, list->block_points,
		       cur->n * sizeof(int32_t));
		win->pool_n += cur->n;
	}
	list->n = (uint32_t)(win->pool_n - list->at);
	for (uint32_t i = 0; i < list->n; i++)
		raise_bound(win, no, win->pool_chunks[list->at + i] / KB_WINDOW,
			    win->pool_points[list->at + i], i);
}

/* Which lists are ready, and room for all of them at once: growing would
 * copy, and every fresh page costs a fault. */
static void choose_ready(struct kb_windows *win,
			 const struct kb_window_term *terms, size_t n)
{
	uint32_t n_chunks = win->seg->n_chunks;
	size_t room = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t count = terms[i].count;

		win->lists[i].ready =
		    count < KB_POSTINGS_BLOCK ||
		    (count <= READY_MAX && count <= n_chunks / 64 &&
		     room + count <= READY_ALL);
		room += win->lists[i].ready ? count : 0;
	}
	kb_grow(&win->pool_chunks, &win->chunks_cap, room, sizeof(uint32_t));
	kb_grow(&win->pool_points, &win->points_cap, room, sizeof(int32_t));
	win->pool_n = 0;
}

static void bound_blocks(struct kb_windows *win, size_t no)
{
	struct list *list = win->lists + no;
	uint32_t next = 0;

	for (uint32_t block = 0; block < list->cur.n_blocks; block++) {
		struct kb_pair pairs[KB_POSTINGS_PAIRS];
		uint32_t last = kb_cursor_last(&list->cur, block);
		int32_t bound;

		if (last < next || last >= win->seg->n_chunks) {
			win->damaged = true;
			return;
		}
		kb_cursor_pairs(&list->cur, block, pairs);
		bound = kb_bm25_bound(win->params, list->weight, pairs);
		for (uint32_t w = next / KB_WINDOW; w <= last / KB_WINDOW; w++)
			raise_bound(win, no, w, bound, block);
		next = last + 1;
	}
}

static int by_total(const void *a, const void *b, void *arg)
{
	const struct ranked *x = a, *y = b;

	(void)arg;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return x->window < y->window ? -1 : x->window > y->window;
}

static void rank_windows(struct kb_windows *win)
{
	kb_grow(&win->order, &win->order_cap, win->n_windows,
		sizeof(*win->order));
	for (uint32_t w = 0; w < win->n_windows; w++) {
		const int32_t *bounds = win->bounds + w * win->n_lists;
		int64_t total = 0;

		for (size_t i = 0; i < win->n_lists; i++)
			total += bounds[i];
		win->order[w] = (struct ranked){total, w};
	}
	kb_sort(win->order, win->n_windows, sizeof(*win->order), by_total,
		NULL);
}

static void prepare(struct kb_windows *win, const struct kb_window_term *terms,
		    size_t n)
{
	uint32_t n_chunks = win->seg->n_chunks;
	size_t cells;

	win->n_lists = n;
	win->n_windows = (n_chunks + KB_WINDOW - 1) / KB_WINDOW;
	cells = n * win->n_windows;
	kb_grow(&win->lists, &win->lists_cap, n, sizeof(*win->lists));
	kb_grow(&win->bounds, &win->bounds_cap, cells, sizeof(int32_t));
	kb_grow(&win->starts, &win->starts_cap, cells, sizeof(uint32_t));
	kb_grow(&win->active, &win->active_cap, n, sizeof(*win->active));
	kb_grow(&win->sums, &win->sums_cap, n + 1, sizeof(*win->sums));
	memset(win->bounds, 0, cells * sizeof(int32_t));
	choose_ready(win, terms, n);
	for (size_t i = 0; i < n; i++) {
		struct list *list = win->lists + i;

		list->weight = terms[i].weight;
		list->scored = KB_NO_CHUNK;
		if (!kb_cursor_init(&list->cur, terms[i].ptr, terms[i].len,
				    terms[i].count, n_chunks)) {
			win->damaged = true;
			list->cur.n_blocks = 0;
		}
		if (list->ready)
			make_ready(win, i);
		else
			bound_blocks(win, i);
	}
	rank_windows(win);
}

/* ---- one window ---- */

static void add_ready(struct kb_windows *win, const struct list *list,
		      uint32_t start, uint32_t low)
{
	const uint32_t *chunks = win->pool_chunks + list->at;
	const int32_t *points = win->pool_points + list->at;

	for (uint32_t i = start; i < list->n && chunks[i] - low < KB_WINDOW;
	     i++)
		win->sum[chunks[i] - low] += points[i];
}

static void add_blocks(struct kb_windows *win, struct list *list,
		       uint32_t start, uint32_t low)
{
	struct kb_cursor *cur = &list->cur;

	for (uint32_t block = start; block < cur->n_blocks; block++) {
		uint32_t i = 0, n;

		kb_cursor_move(cur, block);
		kb_cursor_prefetch(cur, block + 1);
		score_block(win, list);
		n = cur->n;
		while (i < n && cur->chunks[i] < low)
			i++;
		while (n > i && cur->chunks[n - 1] - low >= KB_WINDOW)
			n--;
		for (; i < n; i++)
			win->sum[cur->chunks[i] - low] += list->block_points[i];
		if (n < cur->n || !cur->n)
			break;
	}
}

static void drop_forbidden(struct kb_windows *win, const struct kb_scope *scope,
			   uint32_t segment_no, uint32_t low)
{
	uint32_t n = 0;

	if (!scope->segments[segment_no].allowed)
		return;
	for (uint32_t i = 0; i < win->n_found; i++)
		if (kb_scope_allows(scope, segment_no, low + win->found[i]))
			win->found[n++] = win->found[i];
	win->n_found = n;
}

/* Keep the candidates that may still reach 'need' with 'more' points. */
static void drop_hopeless(struct kb_windows *win, int64_t more, int64_t need)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < win->n_found; i++) {
		uint16_t at = win->found[i];

		win->found[n] = at;
		n += win->sum[at] + more >= need;
	}
	win->n_found = n;
}

static void look_up_blocks(struct kb_windows *win, struct list *list,
			   uint32_t start, uint32_t low)
{
	struct kb_cursor *cur = &list->cur;
	uint32_t pos;

	kb_cursor_move(cur, start);
	for (uint32_t i = 0; i < win->n_found; i++) {
		uint16_t at = win->found[i];

		if (!kb_cursor_find(cur, low + at, &pos))
			continue;
		kb_cursor_decode_freqs(cur);
		win->sum[at] +=
		    kb_bm25_points(win->params, list->weight, cur->freqs[pos],
				   win->seg->lengths[low + at]);
	}
	win->damaged |= cur->damaged;
}

/* Add one list's points to the candidates, or to all chunks where that is
 * less work: a look-up costs about as much as eight postings in a row. */
static void look_up(struct kb_windows *win, struct list *list, uint32_t start,
		    uint32_t low)
{
	uint64_t in_window =
	    (uint64_t)list->cur.count * KB_WINDOW / win->seg->n_chunks;

	if (win->n_found * 8 > in_window)
		add_blocks(win, list, start, low);
	else
		look_up_blocks(win, list, start, low);
}

/* Terms of the window that are not ready, by rising bound; how many. */
static size_t sort_active(struct kb_windows *win, uint32_t window)
{
	const int32_t *bounds = win->bounds + window * win->n_lists;
	size_t n = 0;

	for (size_t i = 0; i < win->n_lists; i++) {
		size_t at = n;

		if (!bounds[i] || win->lists[i].ready)
			continue;
		for (; at && win->active[at - 1].bound > bounds[i]; at--)
			win->active[at] = win->active[at - 1];
		win->active[at] = (struct active){bounds[i], (uint32_t)i};
		n++;
	}
	win->sums[0] = 0;
	for (size_t i = 0; i < n; i++)
		win->sums[i + 1] = win->sums[i] + win->active[i].bound;
	return n;
}

/* Sum what brings candidates: all that is ready, and the n terms with the
 * highest bounds. */
static void add_lists(struct kb_windows *win, const struct active *active,
		      size_t n, uint32_t window)
{
	const int32_t *bounds = win->bounds + window * win->n_lists;
	const uint32_t *starts = win->starts + window * win->n_lists;
	uint32_t low = window * KB_WINDOW;

	for (size_t i = 0; i < win->n_lists; i++)
		if (win->lists[i].ready && bounds[i])
			add_ready(win, win->lists + i, starts[i], low);
	for (size_t i = 0; i < n; i++)
		add_blocks(win, win->lists + active[i].list,
			   starts[active[i].list], low);
}

static void search_window(struct kb_windows *win, struct kb_topk *top,
			  uint32_t segment_no, uint32_t window, int32_t need)
{
	const uint32_t *starts = win->starts + window * win->n_lists;
	uint32_t low = window * KB_WINDOW;
	size_t n = sort_active(win, window), lookups = 0;

	while (lookups < n && win->sums[lookups + 1] < need)
		lookups++;
	add_lists(win, win->active + lookups, n - lookups, window);
	win->n_found =
	    kb_collect_best()(win->sum, KB_WINDOW,
			      (int32_t)(need - win->sums[lookups]), win->found);
	drop_forbidden(win, top->scope, segment_no, low);
	for (size_t i = lookups; i-- > 0 && win->n_found;) {
		uint32_t no = win->active[i].list;

		look_up(win, win->lists + no, starts[no], low);
		drop_hopeless(win, win->sums[i], need);
	}
	for (uint32_t i = 0; i < win->n_found; i++) {
		int32_t points = win->sum[win->found[i]];

		if (points >= kb_topk_least(top))
			kb_topk_offer(
			    top, (struct kb_top_item){points, segment_no,
						      low + win->found[i]});
	}
	memset(win->sum, 0, sizeof(win->sum));
}

int kb_windows_search(struct kb_windows *win, struct kb_topk *top,
		      uint32_t segment_no, const struct kb_window_term *terms,
		      size_t n_terms, struct kb_bm25 params, bool exhaustive,
		      struct kb_err *err)
{
	assert(segment_no < top->scope->n);
	assert(terms || !n_terms);
	win->seg = top->scope->segments[segment_no].segment;
	win->params = params;
	win->damaged = false;
	if (!n_terms || !win->seg->n_chunks)
		return 0;
	prepare(win, terms, n_terms);
	for (uint32_t i = 0; i < win->n_windows; i++) {
		int32_t need = exhaustive ? 1 : kb_topk_least(top);

		if (win->order[i].total < need)
			break;
		search_window(win, top, segment_no, win->order[i].window, need);
	}
	if (win->damaged)
		return kb_err_set(err, KB_EFORMAT,
				  "damaged postings; run kb-index --verify");
	return 0;
}
