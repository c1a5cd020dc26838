/*
 * A root, an authority below it and a leaf for each key. The names are
 * invented; they hold every kind of Vietnamese letter a client may get wrong.
 */
#include <errno.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/sim/sim_card.h"

#define DAY 86400L
#define YEAR (365 * DAY)

struct name {
	const char *org, *unit, *common;
};

struct ext {
	int nid;
	const char *value;
	bool lean; /* stays when the certificate must be small */
};

struct plan {
	struct name subject;
	EVP_PKEY *key, *signer;
	X509 *issuer; /* NULL = self-signed */
	const struct ext *exts;
	size_t exts_n;
	long years;
	bool lean;
};

static const struct name root_name = {
    "Ban Chứng thực Ví Dụ", NULL, "Chứng thực gốc thử nghiệm"};
static const struct name sub_name = {
    "Ban Chứng thực Ví Dụ", NULL, "Chứng thực cấp dưới thử nghiệm"};
static const struct name leaf_names[CA_SIM_KEYS] = {
    {"Sở Thử nghiệm tỉnh Ví Dụ", "Phòng Mẫu", "Nguyễn Văn Thử Nghiệm"},
    {"Sở Thử nghiệm tỉnh Ví Dụ", "Văn thư", "Trần Thị Ví Dụ"},
    {"Ủy ban xã Ví Dụ", NULL, "Ủy ban xã Ví Dụ"},
    {"Sở Thử nghiệm tỉnh Ví Dụ", NULL, "Đặng Đức Mẫu"},
};

static const struct ext root_exts[] = {
    {NID_basic_constraints, "critical,CA:TRUE", true},
    {NID_key_usage, "critical,keyCertSign,cRLSign", true},
    {NID_subject_key_identifier, "hash", true},
};
static const struct ext sub_exts[] = {
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0", true},
    {NID_key_usage, "critical,keyCertSign,cRLSign", true},
    {NID_subject_key_identifier, "hash", true},
    {NID_authority_key_identifier, "keyid", true},
};
static const struct ext leaf_exts[] = {
    {NID_key_usage, "critical,digitalSignature,nonRepudiation,keyEncipherment",
	true},
    {NID_authority_key_identifier, "keyid", true},
    {NID_subject_key_identifier, "hash", false},
    {NID_ext_key_usage, "clientAuth,emailProtection", false},
    {NID_subject_alt_name, "email:thu.nghiem@example.vn", false},
};

/* For signing documents alone (RFC 9336): no client login, no mail. */
static const struct ext sign_exts[] = {
    {NID_key_usage, "critical,nonRepudiation", true},
    {NID_authority_key_identifier, "keyid", true},
    {NID_subject_key_identifier, "hash", false},
    {NID_ext_key_usage, "1.3.6.1.5.5.7.3.36", true},
};

static bool
name_add(X509_NAME *to, int nid, const char *text)
{
	return text == NULL ||
	       X509_NAME_add_entry_by_NID(to, nid, MBSTRING_UTF8,
		   (const unsigned char *)text, -1, -1, 0) == 1;
}

static bool
set_subject(X509 *x, const struct plan *p)
{
	X509_NAME *n = X509_get_subject_name(x);

	return name_add(n, NID_countryName, "VN") &&
	       name_add(n, NID_organizationName, p->subject.org) &&
	       (p->lean ||
		   name_add(n, NID_organizationalUnitName, p->subject.unit)) &&
	       name_add(n, NID_commonName, p->subject.common);
}

/* The serial number comes from the public key: the same card shows the same
 * certificate again, as long as the day is the same. */
static bool
set_serial(X509 *x, const struct plan *p)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(p->key, &der);
	BIGNUM *bn = NULL;
	bool ok = false;

	if (n > 0) {
		SHA256(der, (size_t)n, hash);
		hash[0] = (hash[0] & 0x3F) | 0x40;
		bn = BN_bin2bn(hash, 16, NULL);
		ok = bn != NULL &&
		     BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL;
	}
	BN_free(bn);
	OPENSSL_free(der);
	return ok;
}

static bool
set_dates(X509 *x, const struct plan *p)
{
	time_t today = time(NULL) / DAY * DAY;

	return ASN1_TIME_set(X509_getm_notBefore(x), today - DAY) != NULL &&
	       ASN1_TIME_set(X509_getm_notAfter(x), today + p->years * YEAR) !=
		   NULL;
}

static bool
add_exts(X509 *x, const struct plan *p)
{
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, p->issuer != NULL ? p->issuer : x, x, NULL, NULL,
	    0);
	for (size_t i = 0; i < p->exts_n; i++) {
		X509_EXTENSION *e;
		bool ok;

		if (p->lean && !p->exts[i].lean)
			continue;
		e = X509V3_EXT_conf_nid(NULL, &ctx, p->exts[i].nid,
		    p->exts[i].value);
		ok = e != NULL && X509_add_ext(x, e, -1) == 1;
		X509_EXTENSION_free(e);
		if (!ok)
			return false;
	}
	return true;
}

static X509 *
issue(const struct plan *p)
{
	X509 *x = X509_new();

	if (x != NULL && X509_set_version(x, 2) == 1 && set_serial(x, p) &&
	    set_dates(x, p) && set_subject(x, p) &&
	    X509_set_issuer_name(x,
		X509_get_subject_name(p->issuer != NULL ? p->issuer : x)) ==
		1 &&
	    X509_set_pubkey(x, p->key) == 1 && add_exts(x, p) &&
	    X509_sign(x, p->signer, EVP_sha256()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

static ca_err
to_der(X509 *x, struct ca_buf *out)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	ca_err e = CA_E_NOMEM;

	if (n > 0)
		e = ca_buf_set(out, ca_rd_of(der, (size_t)n));
	OPENSSL_free(der);
	return e;
}

static X509 *
from_der(struct ca_rd r)
{
	const unsigned char *p = r.p;

	return d2i_X509(NULL, &p, (long)r.n);
}

/* The certificate from the state directory, or a new one, kept there. */
static ca_err
get(const char *dir, const char *name, const struct plan *p, size_t max,
    struct ca_buf *out)
{
	struct plan lean = *p;
	X509 *x;
	ca_err e = ca_sim_state_get(dir, name, out);

	if (e != CA_E_NOT_FOUND)
		return e;
	x = issue(p);
	e = x != NULL ? to_der(x, out) : CA_E_NOMEM;
	if (e == CA_OK && max != 0 && out->n > max) {
		lean.lean = true;
		X509_free(x);
		x = issue(&lean);
		e = x != NULL ? to_der(x, out) : CA_E_NOMEM;
	}
	X509_free(x);
	if (e == CA_OK && max != 0 && out->n > max)
		e = CA_E_DATA;
	return e == CA_OK ? ca_sim_state_put(dir, name, ca_buf_rd(out)) : e;
}

/* What signs leaves: the sub authority's key and certificate. */
struct authority {
	EVP_PKEY *key;
	X509 *cert;
};

static void
authority_wipe(struct authority *a)
{
	EVP_PKEY_free(a->key);
	X509_free(a->cert);
}

static ca_err
root_make(struct ca_sim *s, struct authority *a)
{
	struct plan p = {.subject = root_name,
	    .exts = root_exts,
	    .exts_n = CA_COUNT(root_exts),
	    .years = 20};
	ca_err e = ca_sim_key_get(s->o.state, "root", s->o.ca_key, &a->key);

	if (e != CA_OK)
		return e;
	p.key = p.signer = a->key;
	e = get(s->o.state, "root.der", &p, 0, &s->root);
	if (e == CA_OK && (a->cert = from_der(ca_buf_rd(&s->root))) == NULL)
		e = CA_E_IO;
	return e;
}

static ca_err
sub_make(struct ca_sim *s, const struct authority *root, struct authority *a)
{
	struct plan p = {.subject = sub_name,
	    .signer = root->key,
	    .issuer = root->cert,
	    .exts = sub_exts,
	    .exts_n = CA_COUNT(sub_exts),
	    .years = 10};
	ca_err e = ca_sim_key_get(s->o.state, "sub", s->o.ca_key, &a->key);

	if (e != CA_OK)
		return e;
	p.key = a->key;
	e = get(s->o.state, "sub.der", &p, 0, &s->sub);
	if (e == CA_OK && (a->cert = from_der(ca_buf_rd(&s->sub))) == NULL)
		e = CA_E_IO;
	return e;
}

static ca_err
leaf_make(const struct ca_sim *s, const struct authority *ca, size_t i,
    const char *file, EVP_PKEY *key, struct ca_buf *out)
{
	struct plan p = {.subject = leaf_names[i],
	    .key = key,
	    .signer = ca->key,
	    .issuer = ca->cert,
	    .exts = leaf_exts,
	    .exts_n = CA_COUNT(leaf_exts),
	    .years = 3};

	if (s->o.cert_sign != 0) {
		p.exts = sign_exts;
		p.exts_n = CA_COUNT(sign_exts);
	}
	return get(s->o.state, file, &p, s->o.cert_max, out);
}

ca_err
ca_sim_certs_make(struct ca_sim *s)
{
	struct authority root = {0};
	struct authority sub = {0};
	char file[192];
	ca_err e = root_make(s, &root);

	if (e == CA_OK)
		e = sub_make(s, &root, &sub);
	for (size_t i = 0; e == CA_OK && i < s->keys_n; i++) {
		(void)snprintf(file, sizeof(file), "leaf-%s-%zu-%s-%u-%u.der",
		    s->o.serial, i + 1, s->o.key, s->o.cert_max,
		    s->o.cert_sign);
		e = leaf_make(s, &sub, i, file, s->keys[i].pkey, &s->leaf[i]);
	}
	authority_wipe(&root);
	authority_wipe(&sub);
	return e;
}

ca_err
ca_sim_cert_other(const struct ca_sim *s, struct ca_buf *out)
{
	struct authority sub = {0};
	EVP_PKEY *key = NULL;
	char file[160];
	ca_err e = ca_sim_key_get(s->o.state, "sub", s->o.ca_key, &sub.key);

	(void)snprintf(file, sizeof(file), "leaf-other-%s-%u.der", s->o.key,
	    s->o.cert_sign);
	if (e == CA_OK && (sub.cert = from_der(ca_buf_rd(&s->sub))) == NULL)
		e = CA_E_IO;
	if (e == CA_OK)
		e = ca_sim_key_get(s->o.state, "other", s->o.key, &key);
	if (e == CA_OK)
		e = leaf_make(s, &sub, 0, file, key, out);
	EVP_PKEY_free(key);
	authority_wipe(&sub);
	return e;
}

struct ca_rd
ca_sim_cert(const struct ca_sim *s, size_t n)
{
	switch (n) {
	case 0:
		return ca_buf_rd(&s->leaf[0]);
	case 1:
		return ca_buf_rd(&s->sub);
	case 2:
		return ca_buf_rd(&s->root);
	default:
		return ca_rd_of(NULL, 0);
	}
}

static ca_err
export_one(const char *dir, const char *name, struct ca_rd der)
{
	X509 *x = from_der(der);
	BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL;
	long n = 0;
	ca_err e = CA_E_IO;

	if (x != NULL && bio != NULL && PEM_write_bio_X509(bio, x) == 1 &&
	    (n = BIO_get_mem_data(bio, &p)) > 0)
		e = ca_sim_state_put(dir, name, ca_rd_of(p, (size_t)n));
	BIO_free(bio);
	X509_free(x);
	return e;
}

ca_err
ca_sim_export_ca(const struct ca_sim *s, const char *dir)
{
	static const char *const names[] = {"leaf.pem", "sub.pem", "root.pem"};

	if (dir[0] == '\0' || (mkdir(dir, 0755) != 0 && errno != EEXIST))
		return CA_E_IO;
	for (size_t i = 0; i < CA_COUNT(names); i++) {
		struct ca_rd der = ca_sim_cert(s, i);
		ca_err e = der.n > 0 ? export_one(dir, names[i], der) : CA_OK;

		if (e != CA_OK)
			return e;
	}
	return CA_OK;
}
