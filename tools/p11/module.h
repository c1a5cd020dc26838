/*
 * The PKCS#11 module, loaded through p11-kit: by the name it is registered with
 * (capkcs11), or the one file that was named. Other modules are not touched.
 */
#ifndef CA_P11_MODULE_H
#define CA_P11_MODULE_H

#include <p11-kit/pkcs11.h>
#include <stdbool.h>

struct ca_p11 {
	CK_FUNCTION_LIST **all;   /* what p11-kit loaded, to be released */
	CK_FUNCTION_LIST *f;      /* the module, initialised */
	CK_FUNCTION_LIST *one[2]; /* `all` of a file that was named */
};

/*
 * Loads and initialises. `file`: a module; NULL: the one that CAPKCS11_MODULE
 * names, else the one registered with p11-kit. False: it was told why. A name
 * without a slash is looked for where p11-kit keeps its modules.
 */
bool ca_p11_open(struct ca_p11 *p, const char *file);

/* Finalises and releases. Safe on a zeroed one. */
void ca_p11_close(struct ca_p11 *p);

#endif
