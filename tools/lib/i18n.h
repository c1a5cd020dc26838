/*
 * Messages in the user's language. English is the source; po/ has the others.
 */
#ifndef CA_TOOL_I18N_H
#define CA_TOOL_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text) /* marks what a table holds; translated when shown */

/* Takes locale and language from the environment. CAPKCS11_LOCALEDIR names
 * another folder of translations than the installed one. */
void ca_i18n_init(void);

/* Columns a UTF-8 text takes on a terminal; its bytes where it is no text. */
int ca_i18n_width(const char *text);

#endif
