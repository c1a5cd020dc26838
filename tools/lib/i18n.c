#include "tools/lib/i18n.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define DOMAIN "capkcs11"
#define CHARS_MAX 1024

void
ca_i18n_init(void)
{
	const char *dir = getenv("CAPKCS11_LOCALEDIR");

	(void)setlocale(LC_ALL, "");
	(void)bindtextdomain(DOMAIN, dir != NULL ? dir : CAPKCS11_LOCALEDIR);
	(void)bind_textdomain_codeset(DOMAIN, "UTF-8");
	(void)textdomain(DOMAIN);
}

int
ca_i18n_width(const char *text)
{
	wchar_t wide[CHARS_MAX];
	size_t n = mbstowcs(wide, text, CHARS_MAX);
	int width = n < CHARS_MAX ? wcswidth(wide, n) : -1;

	return width >= 0 ? width : (int)strlen(text);
}
