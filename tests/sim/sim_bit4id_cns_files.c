/* The file tree of the CNS card; see sim_bit4id_cns.h. */
#include <openssl/x509.h>
#include <string.h>

#include "tests/sim/sim_bit4id_cns.h"

#define PERSONAL 400
#define IDCARTA 16
#define OLD_HEADER 5

/* Of nobody. In the order of the specification: issuer, dates of issue and
 * expiry, surname, first name, birth date, sex, height, tax code, citizenship,
 * birth town, country, certificate, town, address, notes. */
static const char *const personal[] = {"0000", "01012024", "31122029", "MAU",
    "THU NGHIEM", "01011990", "M", "170", "XXXXXX00X00X000X", "ITA", "X000", "",
    "", "X000", "VIA ESEMPIO 1", ""};

static ca_err
file(struct ca_sim *s, int df, uint16_t fid, struct ca_rd data, size_t alloc)
{
	return df >= 0 &&
		       ca_sim_fs_ef(s, df, fid, data, alloc, CA_SIM_NEVER) >= 0
		   ? CA_OK
		   : CA_E_NOMEM;
}

/* The serial number: sixteen characters, whatever they are. */
static ca_err
idcarta(struct ca_sim *s, int df)
{
	uint8_t room[IDCARTA];

	if (strlen(s->o.serial) != IDCARTA)
		return CA_E_DATA;
	memcpy(room, s->o.serial, IDCARTA);
	if (ca_sim_bad(s, "idcarta-short"))
		return file(s, df, 0x1003, ca_rd_of(room, 5), 0);
	if (ca_sim_bad(s, "idcarta-long"))
		return file(s, df, 0x1003, ca_rd_of(room, IDCARTA), 400);
	if (ca_sim_bad(s, "idcarta"))
		memcpy(room, "\x1B[2J\0\xFF\x80\n", 8);
	return file(s, df, 0x1003, ca_rd_of(room, sizeof(room)), 0);
}

static void
hex_number(struct ca_wr *w, const char *format, size_t n)
{
	char text[16];

	(void)snprintf(text, sizeof(text), format, (unsigned)n);
	ca_wr_mem(w, text, strlen(text));
}

/* Length of everything, six hex digits, then each field with two of them. */
static ca_err
personal_data(struct ca_sim *s, int df)
{
	uint8_t room[PERSONAL];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	size_t total = 0;

	for (size_t i = 0; i < CA_COUNT(personal); i++)
		total += 2 + strlen(personal[i]);
	hex_number(&w, "%06X", ca_sim_bad(s, "personal") ? 0xFFFFFF : total);
	for (size_t i = 0; i < CA_COUNT(personal); i++) {
		bool last = i + 1 == CA_COUNT(personal);

		if (last && ca_sim_bad(s, "personal-hex"))
			ca_wr_mem(&w, "G!", 2);
		else
			hex_number(&w, "%02X",
			    last && ca_sim_bad(s, "personal")
				? 0xFF
				: strlen(personal[i]));
		ca_wr_mem(&w, personal[i], strlen(personal[i]));
	}
	return ca_wr_ok(&w) ? file(s, df, 0x1102, ca_wr_rd(&w), PERSONAL)
			    : CA_E_NOMEM;
}

static ca_err
certificate(struct ca_sim *s, int df, uint16_t fid, size_t key)
{
	bool cut = key == 0 && s->o.cert == CA_SIM_CERT_CUT;
	struct ca_buf b = {0};
	ca_err e;

	if (key >= s->keys_n || ca_sim_bad(s, "no-certs"))
		return CA_OK;
	e = ca_sim_leaf_content(s, key, &b);
	if (e == CA_OK &&
	    (df < 0 ||
		ca_sim_fs_ef(s, df, fid, ca_buf_rd(&b),
		    cut ? 0 : s->o.cert_alloc,
		    s->o.cert_write != 0 ? CA_SIM_BY_PIN : CA_SIM_NEVER) < 0))
		e = CA_E_NOMEM;
	ca_buf_free(&b);
	return e == CA_E_NOT_FOUND ? CA_OK : e;
}

/* RSAPublicKey; the real form is not public. */
static ca_err
public_key(struct ca_sim *s, int df, uint16_t fid, size_t key)
{
	unsigned char *der = NULL;
	int n;
	ca_err e = CA_E_NOMEM;

	if (key >= s->keys_n)
		return CA_OK;
	n = i2d_PublicKey(s->keys[key].pkey, &der);
	if (n > 0)
		e = file(s, df, fid, ca_rd_of(der, (size_t)n), 0);
	OPENSSL_free(der);
	return e;
}

/* 2FFF/8228 of older cards: five bytes, the length of the certificate in the
 * second and third of them; the key is in the same directory. Cards that lie
 * have it beside the other layout. */
static ca_err
old_certificate(struct ca_sim *s)
{
	static const uint8_t too_long[] = {0x01, 0xFF, 0xF0, 0x00, 0x00, 0x30};
	static const uint8_t nothing[] = {0x01, 0x00, 0x00, 0x00, 0x00, 0x00};
	struct ca_sim_cns *d = s->own;
	bool real = ca_sim_cns_is(s, "infocamere");
	bool lie = ca_sim_bad(s, "old-length");
	struct ca_buf b = {0};
	uint8_t head[OLD_HEADER] = {0x01};
	struct ca_buf all = {0};
	ca_err e = CA_OK;
	int df;

	if (!real && !lie && !ca_sim_bad(s, "old-none"))
		return CA_OK;
	df = ca_sim_fs_df(s, CA_SIM_MF, 0x2FFF, ca_rd_of(NULL, 0));
	if (!real)
		return file(s, df, 0x8228,
		    ca_rd_of(lie ? too_long : nothing, sizeof(nothing)), 64);
	d->df[CA_SIM_CNS_AUTH] = df;
	if (s->keys_n > 0)
		e = ca_sim_leaf_content(s, 0, &b);
	head[1] = (uint8_t)(b.n >> 8);
	head[2] = (uint8_t)b.n;
	if (e == CA_OK)
		e = ca_buf_add(&all, ca_rd_of(head, sizeof(head)));
	if (e == CA_OK)
		e = ca_buf_add(&all, ca_buf_rd(&b));
	if (e == CA_OK)
		e = file(s, df, 0x8228, ca_buf_rd(&all), s->o.cert_alloc);
	ca_buf_free(&b);
	ca_buf_free(&all);
	return e;
}

/* Files of which the name alone is known. */
static ca_err
others(struct ca_sim *s, int processor, int more)
{
	const struct ca_rd nothing = ca_rd_of(NULL, 0);
	ca_err e = file(s, processor, 0x1002, nothing, 54);

	if (e == CA_OK)
		e = file(s, more, 0x1201, nothing, 64);
	if (e == CA_OK)
		e = file(s, more, 0x1202, nothing, 4);
	if (e == CA_OK)
		e = file(s, CA_SIM_MF, 0x3F02, nothing, 8);
	return e == CA_OK ? file(s, CA_SIM_MF, 0x2F02, nothing, 16) : e;
}

/* The signature key's certificate, and its own directory. */
static ca_err
signature(struct ca_sim *s, int df)
{
	const struct ca_rd no_name = ca_rd_of(NULL, 0);
	struct ca_sim_cns *d = s->own;
	ca_err e;

	if (ca_sim_cns_is(s, "idemia")) {
		e = certificate(s, ca_sim_fs_df(s, df, 0x9001, no_name), 0x2002,
		    CA_SIM_CNS_SIGN);
		d->df[CA_SIM_CNS_SIGN] = ca_sim_fs_df(s, df, 0x9002, no_name);
		return d->df[CA_SIM_CNS_SIGN] >= 0 ? e : CA_E_NOMEM;
	}
	d->df[CA_SIM_CNS_SIGN] = ca_sim_fs_df(s, df, 0x8110, no_name);
	e = certificate(s, df, 0x9010, CA_SIM_CNS_SIGN);
	return e != CA_OK ? e
			  : public_key(s, d->df[CA_SIM_CNS_SIGN], 0x8010,
				CA_SIM_CNS_SIGN);
}

ca_err
ca_sim_cns_files(struct ca_sim *s)
{
	const struct ca_rd no_name = ca_rd_of(NULL, 0);
	int processor = ca_sim_fs_df(s, CA_SIM_MF, 0x1000, no_name);
	int holder = ca_sim_fs_df(s, CA_SIM_MF, 0x1100, no_name);
	int more = ca_sim_fs_df(s, CA_SIM_MF, 0x1200, no_name);
	int sign = ca_sim_fs_df(s, CA_SIM_MF, 0x1400, no_name);
	ca_err e = idcarta(s, processor);

	if (e == CA_OK)
		e = personal_data(s, holder);
	if (e == CA_OK && !ca_sim_cns_is(s, "infocamere") &&
	    !ca_sim_bad(s, "no-auth")) {
		e = certificate(s, holder, 0x1101, CA_SIM_CNS_AUTH);
		if (e == CA_OK)
			e = public_key(s, CA_SIM_MF, 0x3F01, CA_SIM_CNS_AUTH);
	}
	if (e == CA_OK)
		e = signature(s, sign);
	if (e == CA_OK)
		e = old_certificate(s);
	return e == CA_OK ? others(s, processor, more) : e;
}
