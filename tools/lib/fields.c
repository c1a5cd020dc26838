#include "tools/lib/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/lib/i18n.h"
#include "tools/lib/say.h"

void
ca_fields_add(struct ca_fields *f, const char *label, const char *fmt, ...)
{
	va_list args;
	char *value = NULL;
	int n;

	va_start(args, fmt);
	n = vasprintf(&value, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	if (f->n == CA_FIELDS_MAX) {
		free(value);
		return;
	}
	f->row[f->n].label = label;
	f->row[f->n].value = ca_say_clean(value);
	f->n++;
}

void
ca_fields_print(struct ca_fields *f)
{
	int widest = 0;

	for (int i = 0; i < f->n; i++)
		if (ca_i18n_width(f->row[i].label) > widest)
			widest = ca_i18n_width(f->row[i].label);
	for (int i = 0; i < f->n; i++) {
		int gap = widest - ca_i18n_width(f->row[i].label);

		(void)printf("  %s:%*s %s\n", f->row[i].label, gap, "",
		    f->row[i].value);
		free(f->row[i].value);
	}
	*f = (struct ca_fields){0};
}
