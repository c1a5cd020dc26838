/*
 * Without libFuzzer: runs the harness on nothing and on every file of the
 * folders named. A folder without files is a fault: a test that tests nothing.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

#define INPUT_MAX (1u << 20)

static int
replay_file(const char *folder, const char *name)
{
	char path[4096];
	uint8_t *all = malloc(INPUT_MAX);
	struct ca_rd r;
	uint8_t *p;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (all == NULL || (f = fopen(path, "rb")) == NULL) {
		perror(path);
		free(all);
		return 1;
	}
	r = ca_rd_of(all, fread(all, 1, INPUT_MAX, f));
	(void)fclose(f);
	p = fuzz_copy(r);
	free(all);
	/* Says which one when it ends here. */
	fprintf(stderr, "%s\n", path);
	(void)LLVMFuzzerTestOneInput(p, r.n);
	free(p);
	return 0;
}

static int
replay_folder(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	int bad = 0;
	size_t n = 0;

	if (d == NULL) {
		perror(folder);
		return 1;
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		n++;
		bad |= replay_file(folder, e->d_name);
	}
	(void)closedir(d);
	printf("%zu inputs in %s\n", n, folder);
	return bad || n == 0;
}

int
main(int argc, char **argv)
{
	static const uint8_t nothing[1];
	int bad = argc < 2;

	(void)LLVMFuzzerTestOneInput(nothing, 0);
	for (int i = 1; i < argc; i++)
		bad |= replay_folder(argv[i]);
	return bad;
}
