/* Sorting: base/sort.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka.h needs the four above. */
#include <cmocka.h>

#include "base/hash.h"
#include "base/sort.h"

#define N_MAX 1200

struct item {
	uint32_t value, place;
	unsigned char more[32];
};

static int by_value(const void *a, const void *b, void *arg)
{
	const struct item *x = a, *y = b;
	int up = *(const int *)arg;

	if (x->value != y->value)
		return x->value < y->value ? -up : up;
	return x->place < y->place ? -up : x->place > y->place ? up : 0;
}

/* n items with values below 'range', as drawn, rising or falling. */
static void fill(struct item *items, size_t n, uint32_t range, int form)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t drawn = (uint32_t)(kb_mix64(i + n) % range);

		items[i] = (struct item){.place = (uint32_t)i};
		items[i].value = form == 0   ? drawn
				 : form == 1 ? (uint32_t)i
					     : (uint32_t)(n - i);
		memset(items[i].more, (int)i, sizeof(items[i].more));
	}
}

static void any_array_is_sorted_like_qsort(void **state)
{
	static struct item got[N_MAX], want[N_MAX];
	static const uint32_t ranges[] = {1, 3, UINT32_MAX};

	(void)state;
	for (size_t n = 0; n < N_MAX; n += n < 40 ? 1 : 97) {
		for (int c = 0; c < 9; c++) {
			int up = n % 2 ? 1 : -1;

			fill(got, n, ranges[c % 3], c / 3);
			memcpy(want, got, sizeof(got));
			kb_sort(got, n, sizeof(*got), by_value, &up);
			qsort_r(want, n, sizeof(*want), by_value, &up);
			assert_memory_equal(got, want, n * sizeof(*got) + 1);
		}
	}
}

static int by_score(const void *a, const void *b, void *arg)
{
	const float *scores = arg;
	uint32_t x = (uint32_t) * (const uint64_t *)a;
	uint32_t y = (uint32_t) * (const uint64_t *)b;

	if (scores[x] < scores[y] || scores[x] > scores[y])
		return scores[x] > scores[y] ? -1 : 1;
	return (x > y) - (x < y);
}

/* Scores of both signs, some of them equal, both zeros. */
static void keys_bring_the_best_scores_first(void **state)
{
	static uint64_t got[N_MAX], want[N_MAX], scratch[N_MAX];
	static float scores[N_MAX];

	(void)state;
	for (size_t n = 0; n < N_MAX; n += n < 40 ? 1 : 97) {
		for (size_t i = 0; i < n; i++) {
			uint64_t drawn = kb_mix64(i + n);

			scores[i] =
			    (float)(drawn % (n / 2 + 1)) / (n % 3 ? 7 : 1e30f);
			if (drawn >> 63)
				scores[i] = -scores[i];
			got[i] = kb_sort_key(scores[i], (uint32_t)i);
			want[i] = i;
		}
		kb_sort_keys(got, scratch, n);
		qsort_r(want, n, sizeof(*want), by_score, scores);
		for (size_t i = 0, end; i < n; i++) {
			assert_int_equal((uint32_t)got[i], want[i]);
			end = kb_sort_equals(got, n, i);
			assert_true(end == n ||
				    scores[want[end]] < scores[want[i]]);
			assert_true(scores[want[end - 1]] >= scores[want[i]]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_array_is_sorted_like_qsort),
	    cmocka_unit_test(keys_bring_the_best_scores_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
