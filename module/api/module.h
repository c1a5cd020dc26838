/*
 * For programs that link the module instead of loading it: tests.
 */
#ifndef CA_API_MODULE_H
#define CA_API_MODULE_H

struct ca_transport;

/* Stands other readers behind the module, from the next C_Initialize on. NULL
 * means pcscd again. `tp` is borrowed until C_Finalize. */
void ca_module_use_transport(const struct ca_transport *tp);

#endif
