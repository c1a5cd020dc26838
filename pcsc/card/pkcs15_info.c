/* See pkcs15_parse.h: TokenInfo, labels, public keys. */
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/base/wr.h"
#include "pcsc/card/pkcs15_parse.h"

#define RSA_KEY_MAX 1200 /* bytes of an RSAPublicKey of 8192 bits, and some */

void
ca_p15_text(struct ca_rd r, char *out, size_t cap)
{
	size_t n = r.n < cap - 1 ? r.n : cap - 1;

	if (n < r.n)
		while (n > 0 && (r.p[n] & 0xC0) == 0x80)
			n--;
	if (n > 0)
		memcpy(out, r.p, n);
	out[n] = '\0';
	/* Some cards fill their records with blanks. */
	n = strlen(out);
	while (n > 0 && out[n - 1] == ' ')
		out[--n] = '\0';
}

/* A serial number is printed on the token's case: text where it is text (VGCA
 * tokens: decimal digits), else hexadecimal. */
static void
serial_text(struct ca_rd r, char *out, size_t cap)
{
	bool printable = r.n >= 6;

	for (size_t i = 0; i < r.n; i++) {
		uint8_t c = r.p[i];

		printable &= (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z');
	}
	if (printable)
		ca_p15_text(r, out, cap);
	else
		(void)ca_log_hex(r, out, cap);
}

static void
parse_supported(struct ca_rd list, struct ca_model *m)
{
	struct ca_rd e, v, skipped;
	uint32_t tag, n;

	while (m->supported.n < CA_SUPPORTED_MAX &&
	       ca_tlv_expect(&list, 0x30, &e)) {
		struct ca_supported s = {0};

		if (!ca_tlv_expect(&e, 0x02, &v) || /* reference */
		    !ca_tlv_expect(&e, 0x02, &v) ||
		    !ca_der_uint(v, UINT32_MAX, &s.mechanism) ||
		    !ca_tlv_next(&e, &tag, &skipped) || /* parameters */
		    !ca_tlv_expect(&e, 0x03, &v) ||
		    !ca_der_bits(v, &s.operations))
			continue;
		/* objId is optional, and so is algRef behind it. */
		if (ca_tlv_find(e, 0x02, &v) && ca_der_uint(v, 255, &n)) {
			s.alg_ref = (uint8_t)n;
			s.has_alg_ref = true;
		}
		m->supported.a[m->supported.n++] = s;
	}
}

/* seInfo: the number of the environment that is a WIM's for RSA, 2.23.43.1.1.2
 * (WAP-260); else of the first. */
static void
parse_se_info(struct ca_rd list, struct ca_model *m)
{
	static const uint8_t wim_rsa[] = {0x67, 0x2B, 0x01, 0x01, 0x02};
	struct ca_rd e, v, oid;
	uint32_t n;

	while (ca_tlv_expect(&list, 0x30, &e)) {
		bool is_wim;

		if (!ca_tlv_expect(&e, 0x02, &v) || !ca_der_uint(v, 255, &n))
			continue;
		is_wim = ca_tlv_expect(&e, 0x06, &oid) &&
			 ca_rd_equal(oid, ca_rd_of(wim_rsa, sizeof(wim_rsa)));
		if (m->has_se && !is_wim)
			continue;
		m->se = (uint8_t)n;
		m->has_se = true;
		m->se_is_wim = is_wim;
	}
}

ca_err
ca_p15_parse_token_info(struct ca_rd file, struct ca_model *io)
{
	struct ca_rd r, v, inner;
	uint32_t tag;

	if (!ca_tlv_expect(&file, 0x30, &r) || !ca_tlv_expect(&r, 0x02, &v))
		return CA_E_MALFORMED;
	if (ca_tlv_expect(&r, 0x04, &v))
		serial_text(v, io->serial, sizeof(io->serial));
	if (ca_tlv_expect(&r, 0x0C, &v))
		ca_p15_text(v, io->manufacturer, sizeof(io->manufacturer));
	if (ca_tlv_expect(&r, 0x80, &v))
		ca_p15_text(v, io->label, sizeof(io->label));
	else if (ca_tlv_expect(&r, 0xA0, &v) && ca_tlv_expect(&v, 0x0C, &inner))
		ca_p15_text(inner, io->label, sizeof(io->label));
	if (!ca_tlv_expect(&r, 0x03, &v) || !ca_der_bits(v, &io->token_flags))
		io->token_flags = CA_TOKF_LOGIN_REQUIRED;
	while (ca_tlv_next(&r, &tag, &v))
		if (tag == 0xA2)
			parse_supported(v, io);
		else if (tag == 0x30)
			parse_se_info(v, io);
	return CA_OK;
}

/* SubjectPublicKeyInfo around an RSAPublicKey. */
static ca_err
wrap_rsa(struct ca_rd key, struct ca_buf *spki)
{
	/* rsaEncryption with NULL parameters, RFC 8017 appendix A.1 */
	static const uint8_t rsa[] = {0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48,
	    0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00};
	uint8_t bits_b[RSA_KEY_MAX + 8], body_b[RSA_KEY_MAX + 32],
	    whole_b[RSA_KEY_MAX + 40];
	struct ca_wr bits = ca_wr_of(bits_b, sizeof(bits_b));
	struct ca_wr body = ca_wr_of(body_b, sizeof(body_b));
	struct ca_wr whole = ca_wr_of(whole_b, sizeof(whole_b));

	ca_wr_u8(&bits, 0); /* no unused bits */
	ca_wr_bytes(&bits, key);
	ca_wr_mem(&body, rsa, sizeof(rsa));
	ca_wr_tlv(&body, 0x03, ca_wr_rd(&bits));
	ca_wr_tlv(&whole, 0x30, ca_wr_rd(&body));
	if (!ca_wr_ok(&bits) || !ca_wr_ok(&body) || !ca_wr_ok(&whole))
		return CA_E_MALFORMED;
	return ca_buf_set(spki, ca_wr_rd(&whole));
}

/* A positive DER INTEGER of big-endian bytes. */
static void
put_integer(struct ca_wr *w, struct ca_rd n)
{
	uint8_t b[RSA_KEY_MAX];
	struct ca_wr v = ca_wr_of(b, sizeof(b));
	struct ca_rd zero;

	while (n.n > 1 && n.p[0] == 0 && ca_rd_take(&n, 1, &zero))
		;
	if (n.n == 0 || n.p[0] >= 0x80)
		ca_wr_u8(&v, 0);
	ca_wr_bytes(&v, n);
	if (!ca_wr_ok(&v))
		w->failed = true;
	ca_wr_tlv(w, 0x02, ca_wr_rd(&v));
}

ca_err
ca_p15_spki_rsa(struct ca_rd modulus, struct ca_rd exponent,
    struct ca_buf *spki)
{
	uint8_t seq_b[RSA_KEY_MAX], key_b[RSA_KEY_MAX];
	struct ca_wr seq = ca_wr_of(seq_b, sizeof(seq_b));
	struct ca_wr key = ca_wr_of(key_b, sizeof(key_b));

	put_integer(&seq, modulus);
	put_integer(&seq, exponent);
	ca_wr_tlv(&key, 0x30, ca_wr_rd(&seq));
	if (!ca_wr_ok(&seq) || !ca_wr_ok(&key))
		return CA_E_MALFORMED;
	return wrap_rsa(ca_wr_rd(&key), spki);
}

/* A SubjectPublicKeyInfo from the content of one. */
static ca_err
retagged(struct ca_rd content, struct ca_buf *spki)
{
	uint8_t b[RSA_KEY_MAX + 40];
	struct ca_wr whole = ca_wr_of(b, sizeof(b));
	struct ca_rd peek = content, algorithm, bits;

	if (!ca_tlv_expect(&peek, 0x30, &algorithm) ||
	    !ca_tlv_expect(&peek, 0x03, &bits))
		return CA_E_MALFORMED;
	ca_wr_tlv(&whole, 0x30, content);
	return ca_wr_ok(&whole) ? ca_buf_set(spki, ca_wr_rd(&whole))
				: CA_E_MALFORMED;
}

ca_err
ca_p15_spki(struct ca_rd file, struct ca_buf *spki)
{
	struct ca_rd r = file, v, whole, peek;
	uint32_t tag;

	if (!ca_tlv_whole(&r, &tag, &v, &whole))
		return CA_E_MALFORMED;
	/* The choice `spki [1]` of a key's value, tagged implicitly. */
	if (tag == 0xA1)
		return retagged(v, spki);
	if (tag != 0x30)
		return CA_E_MALFORMED;
	peek = v;
	if (ca_tlv_expect(&peek, 0x30, &r)) /* AlgorithmIdentifier first */
		return ca_buf_set(spki, whole);
	if (!ca_tlv_expect(&peek, 0x02, &r) || !ca_tlv_expect(&peek, 0x02, &r))
		return CA_E_MALFORMED;
	return wrap_rsa(whole, spki);
}
