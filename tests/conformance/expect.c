/* Expected differences: which case answers what, other than the standard. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/cf.h"

#define EXPECT_MAX 512
#define EXPECT_NAME 120

static struct {
	char name[EXPECT_NAME];
	CK_RV rv;
} rows[EXPECT_MAX];
static size_t rows_n;

static size_t
row_of(const char *name)
{
	size_t i = 0;

	while (i < rows_n && strcmp(rows[i].name, name) != 0)
		i++;
	return i;
}

/* One line without its comment; an empty one is fine. */
static bool
read_line(char *line)
{
	char *rest = line, *name, *answer, *hash = strchr(line, '#');
	size_t i;

	if (hash != NULL)
		*hash = '\0';
	name = strtok_r(rest, " \t\r\n", &rest);
	if (name == NULL)
		return true;
	answer = strtok_r(NULL, " \t\r\n", &rest);
	if (answer == NULL || strtok_r(NULL, " \t\r\n", &rest) != NULL)
		return false;
	i = row_of(name);
	if (i >= EXPECT_MAX || strlen(name) >= EXPECT_NAME ||
	    !cf_rv_parse(answer, &rows[i].rv))
		return false;
	memcpy(rows[i].name, name, strlen(name) + 1);
	if (i == rows_n)
		rows_n++;
	return true;
}

bool
cf_expect_read(const char *file)
{
	FILE *in = fopen(file, "re");
	char line[1024];
	unsigned number = 0;
	bool good = true;

	if (in == NULL) {
		fprintf(stderr, "conformance: %s: %s\n", file, strerror(errno));
		return false;
	}
	while (good && fgets(line, sizeof(line), in) != NULL) {
		number++;
		good = read_line(line);
	}
	if (!good)
		fprintf(stderr,
		    "conformance: %s:%u: want \"NAME ANSWER [# why]\"\n", file,
		    number);
	fclose(in);
	return good;
}

bool
cf_expect_get(const char *name, CK_RV *rv)
{
	size_t i = row_of(name);

	if (i == rows_n)
		return false;
	*rv = rows[i].rv;
	return true;
}

bool
cf_expect_known(bool (*is_case)(const char *name))
{
	bool good = true;

	for (size_t i = 0; i < rows_n; i++)
		if (!is_case(rows[i].name)) {
			fprintf(stderr,
			    "conformance: an expectation names %s, which is "
			    "no case\n",
			    rows[i].name);
			good = false;
		}
	return good;
}
