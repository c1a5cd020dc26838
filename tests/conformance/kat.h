/*
 * Known answers: the vectors of tests/data/kat, whose README is their language,
 * and what runs them against the module.
 */
#ifndef CF_KAT_H
#define CF_KAT_H

#include "tests/conformance/cf.h"

#define CF_KAT_FIELDS 24
/* No value of a vector is longer. */
#define CF_KAT_MAX 4096

/* One vector: names and values, as they are written. */
struct cf_kat {
	const char *file;
	unsigned line; /* where it begins */
	CK_MECHANISM_TYPE mechanism;
	const char *name[CF_KAT_FIELDS];
	const char *value[CF_KAT_FIELDS];
	size_t n;
};

/* All vectors, read on the first call. A text that is wrong ends the program
 * after a message: then nothing can be trusted. */
const struct cf_kat *cf_kats(size_t *n);

/* The text of a field; NULL when the vector has none. */
const char *cf_kat_text(const struct cf_kat *v, const char *name);
/* A field as bytes, at most CF_KAT_MAX; how many, 0 when there is none. */
size_t cf_kat_bytes(const struct cf_kat *v, const char *name, uint8_t *out);
/* A field as a number; `otherwise` when there is none. */
CK_ULONG cf_kat_number(const struct cf_kat *v, const char *name,
    CK_ULONG otherwise);
/* A field as a constant of PKCS#11 (CKM_, CKK_, CKO_ ...); `otherwise` when
 * there is none. */
CK_ULONG cf_kat_constant(const struct cf_kat *v, const char *name,
    CK_ULONG otherwise);

/* Ends the program after a message that names the vector. */
void cf_kat_wrong(const struct cf_kat *v, const char *why, const char *what)
    __attribute__((noreturn));

/* kat_names.c: the value of a constant; false for an unknown name. */
bool cf_constant(const char *name, CK_ULONG *out);
/* The name of a mechanism; NULL when it has none here. */
const char *cf_constant_mech(CK_MECHANISM_TYPE type);

/* kat_param.c: the parameter of the vector's mechanism, in static storage that
 * the next call uses again. May make keys in c->s. */
CK_RV cf_kat_mechanism(struct cf *c, const struct cf_kat *v, CK_MECHANISM *m);

/* kat_param_pk.c: the same for public-key mechanisms; false for another name.
 */
bool cf_kat_param_pk(const struct cf_kat *v, const char *name, CK_MECHANISM *m);

/* kat_key.c: the vector's key as a session object. */
CK_RV cf_kat_key(struct cf *c, const struct cf_kat *v, CK_OBJECT_HANDLE *h);
/* A generic secret with this value, which may derive. */
CK_RV cf_kat_secret(struct cf *c, uint8_t *value, size_t n,
    CK_OBJECT_HANDLE *h);

/* kat_do.c: runs one vector; CF_WRONG with a note for another answer. */
CK_RV cf_kat_run(struct cf *c, const struct cf_kat *v);

/* A file of tests/data/kat, built in. */
struct cf_kat_text {
	const char *name;
	const char *text;
};
extern const struct cf_kat_text cf_kat_texts[];
extern const size_t cf_kat_texts_n;

#endif
