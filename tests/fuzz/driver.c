/*
 * Runs a fuzz harness without libFuzzer: over every file named on the
 * command line or lying in a directory named there, over cuts of it and
 * over copies with one byte changed. Each input stands in memory of exactly
 * its size, so that the sanitizers see a read behind it. Deterministic.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	MAX_SIZE = 16 << 20,
	VARIED_SIZE = 64 << 10, /* larger files are replayed as they are */
	CUTS = 24,
	CHANGES = 64,
};

static unsigned long inputs;

static void feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		exit(2);
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(size ? copy : NULL, size);
	free(copy);
	inputs++;
}

static void feed_variants(uint8_t *data, size_t size)
{
	uint64_t seed = 0x9e3779b97f4a7c15u + size;

	for (int i = 0; i < CUTS; i++)
		feed(data, size * (size_t)i / CUTS);
	for (int i = 0; i < CHANGES && size; i++) {
		uint8_t *at, old;

		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		at = &data[seed % size];
		old = *at;
		*at = (uint8_t)(i % 2 ? seed >> 40 : old ^ 1u << i / 2 % 8);
		feed(data, size);
		*at = old;
	}
}

static int run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = malloc(MAX_SIZE);
	size_t size;

	if (!file || !data) {
		fprintf(stderr, "cannot read '%s'\n", path);
		return 2;
	}
	size = fread(data, 1, MAX_SIZE, file);
	fclose(file);
	feed(data, size);
	if (size <= VARIED_SIZE)
		feed_variants(data, size);
	free(data);
	return 0;
}

static int run_path(const char *path)
{
	struct dirent **names;
	struct stat st;
	int n, status = 0;

	if (stat(path, &st)) {
		fprintf(stderr, "no corpus '%s'\n", path);
		return 2;
	}
	if (!S_ISDIR(st.st_mode))
		return run_file(path);
	n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char inner[4096];

		snprintf(inner, sizeof(inner), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			status |= run_path(inner);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return status;
}

int main(int argc, char **argv)
{
	int status = 0;

	feed(NULL, 0);
	for (int i = 1; i < argc; i++)
		status |= run_path(argv[i]);
	printf("# %lu inputs\n", inputs);
	return status;
}
