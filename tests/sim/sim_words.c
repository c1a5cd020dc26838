/* Lists of words in options: "a,b". */
#include <string.h>

#include "tests/sim/sim_card.h"

static bool
next_word(const char **list, const char **word, size_t *n)
{
	if (**list == '\0')
		return false;
	*word = *list;
	*n = strcspn(*list, ",");
	*list += *n;
	*list += **list == ',';
	return true;
}

bool
ca_sim_word_listed(const char *list, const char *word)
{
	const char *at = NULL;
	size_t n = 0;

	while (next_word(&list, &at, &n))
		if (strlen(word) == n && strncmp(at, word, n) == 0)
			return true;
	return false;
}

bool
ca_sim_bad(const struct ca_sim *s, const char *word)
{
	return ca_sim_word_listed(s->o.bad, word);
}

bool
ca_sim_bad_known(const struct ca_sim *s, const char *const *words, size_t n)
{
	return ca_sim_words_known(s->o.bad, words, n);
}

bool
ca_sim_words_known(const char *list, const char *const *words, size_t n)
{
	const char *at = NULL;
	size_t len = 0;

	while (next_word(&list, &at, &len)) {
		size_t i = 0;

		while (i < n && (strlen(words[i]) != len ||
				    strncmp(at, words[i], len) != 0))
			i++;
		if (i == n)
			return false;
	}
	return true;
}
