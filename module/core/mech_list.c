/* See mech.h: which mechanisms the token in a slot has. */
#include "module/core/key.h"
#include "module/core/key_value.h"
#include "module/core/mech.h"
#include "module/core/slot.h"

/* What all private keys of one type can do together (maybe: or may be able to
 * do). */
static uint32_t
token_algs(const struct ca_slot *s, enum ca_key_type type, bool maybe)
{
	const struct ca_model *m = ca_token_model(s->token);
	uint32_t algs = 0;

	for (size_t i = 0; i < m->keys_n; i++)
		if (m->keys[i].type == type) {
			algs |= m->keys[i].algs;
			if (maybe)
				algs |= m->keys[i].unproven;
		}
	return algs;
}

static bool
any_derives(const struct ca_slot *s)
{
	for (size_t i = 0; i < ca_token_model(s->token)->keys_n; i++)
		if (ca_key_derives(s, i))
			return true;
	return false;
}

static bool
any_unwraps(const struct ca_slot *s, uint32_t algs)
{
	const struct ca_model *m = ca_token_model(s->token);

	for (size_t i = 0; i < m->keys_n; i++)
		if ((m->keys[i].algs & algs) != 0 && ca_key_unwraps(s, i))
			return true;
	return false;
}

/* The key type that cards have for it; false: they have none. */
static bool
card_type(const struct ca_mech *m, enum ca_key_type *type)
{
	*type = m->keys == CA_KEYS_EC ? CA_KEY_EC : CA_KEY_RSA;
	return m->keys == CA_KEYS_EC || m->keys == CA_KEYS_RSA;
}

uint32_t
ca_mech_generates(const struct ca_slot *s, const struct ca_mech *m)
{
	uint32_t bits = 0;

	if (m->type != CKM_RSA_PKCS_KEY_PAIR_GEN &&
	    m->type != CKM_EC_KEY_PAIR_GEN)
		return 0;
	for (int g = 0; g < CA_GEN_COUNT; g++)
		if (ca_gen_is_ec((enum ca_gen)g) == (m->keys == CA_KEYS_EC))
			bits |= CA_GEN_BIT(g);
	return bits & ca_token_can(s->token).generates;
}

/* What the private keys on the token do, or may turn out to do. */
static CK_FLAGS
card_flags(const struct ca_slot *s, const struct ca_mech *m, bool maybe)
{
	enum ca_key_type type;
	CK_FLAGS flags = 0;
	uint32_t algs;

	if (!card_type(m, &type))
		return 0;
	if (ca_mech_generates(s, m) != 0)
		return CKF_GENERATE_KEY_PAIR;
	if (m->scheme == CA_SCHEME_ECDH)
		return any_derives(s) ? CKF_DERIVE : 0;
	algs = token_algs(s, type, maybe);
	if ((m->card & CKF_SIGN) != 0 && (algs & ca_mech_sign_algs(m)) != 0)
		flags |= CKF_SIGN;
	if ((algs & ca_mech_decrypt_algs(m)) != 0)
		flags |= CKF_DECRYPT;
	if ((m->card & CKF_UNWRAP) != 0 &&
	    any_unwraps(s, ca_mech_decrypt_algs(m)))
		flags |= CKF_UNWRAP;
	return flags;
}

/*
 * What the host does with private keys that is not told. Programs choose a
 * mechanism for the token's key by these flags (RSA PSS for TLS 1.3; those with
 * CKF_HW, to test a token), so where the token's keys do it in part, or sign
 * but not in this way, only what they do is told. With a key of the session the
 * rest can be done all the same.
 */
static CK_FLAGS
untold(const struct ca_slot *s, const struct ca_mech *m, CK_FLAGS card)
{
	enum ca_key_type type;
	CK_FLAGS flags = 0;
	uint32_t algs;

	if (!card_type(m, &type))
		return 0;
	algs = token_algs(s, type, false);
	if (card != 0 || ca_mech_signs(algs))
		flags |= CKF_SIGN;
	if (card != 0 || ca_mech_decrypts(algs))
		flags |= CKF_DECRYPT | CKF_UNWRAP;
	return flags;
}

static CK_FLAGS
curve_flags(const struct ca_mech *m)
{
	switch (m->keys) {
	case CA_KEYS_EC:
		return CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS;
	case CA_KEYS_EDWARDS:
	case CA_KEYS_MONTGOMERY:
		return CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_CURVENAME;
	default:
		return 0;
	}
}

/* The flags this mechanism has on this token, or may turn out to have; 0: it is
 * not there. */
static CK_FLAGS
flags_of(const struct ca_slot *s, const struct ca_mech *m, bool maybe)
{
	CK_FLAGS card = card_flags(s, m, maybe);
	CK_FLAGS flags = (m->host & ~untold(s, m, card)) | card;

	if (card != 0)
		flags |= CKF_HW;
	if (flags == 0)
		return 0;
	return ca_mech_follow(m, flags | curve_flags(m));
}

static CK_FLAGS
flags_here(const struct ca_slot *s, const struct ca_mech *m)
{
	return flags_of(s, m, false);
}

static const struct ca_mech *
row_of(CK_MECHANISM_TYPE type)
{
	for (size_t i = 0; i < ca_mech_rows_n; i++)
		if (ca_mech_rows[i].type == type)
			return &ca_mech_rows[i];
	return NULL;
}

const struct ca_mech *
ca_mech_find(const struct ca_slot *s, CK_MECHANISM_TYPE type, CK_FLAGS flag)
{
	const struct ca_mech *m = row_of(type);
	CK_FLAGS have;

	if (m == NULL)
		return NULL;
	have = ca_mech_follow(m, m->host | card_flags(s, m, true));
	return (have & flag) != 0 ? m : NULL;
}

bool
ca_mech_offered(const struct ca_slot *s, const struct ca_mech *m, CK_FLAGS flag)
{
	return (flags_here(s, m) & flag) != 0;
}

enum ca_hash
ca_mech_hash(CK_MECHANISM_TYPE type)
{
	const struct ca_mech *m = row_of(type);

	return m != NULL && m->scheme == CA_SCHEME_DIGEST ? m->hash
							  : CA_HASH_NONE;
}

CK_RV
ca_mech_list(const struct ca_slot *s, CK_MECHANISM_TYPE *out, CK_ULONG *n)
{
	CK_ULONG have = 0, room = *n;

	for (size_t i = 0; i < ca_mech_rows_n; i++)
		have += flags_here(s, &ca_mech_rows[i]) != 0 ? 1 : 0;
	*n = have;
	if (out == NULL)
		return CKR_OK;
	if (room < have)
		return CKR_BUFFER_TOO_SMALL;
	have = 0;
	for (size_t i = 0; i < ca_mech_rows_n; i++)
		if (flags_here(s, &ca_mech_rows[i]) != 0)
			out[have++] = ca_mech_rows[i].type;
	return CKR_OK;
}

/*
 * Asked about a mechanism that a card may sign with or not, the card is asked,
 * once, if a login lets it answer. The list needs none of this: it names each
 * RSA mechanism anyway, because the host verifies with it.
 */
static void
find_out(struct ca_slot *s, const struct ca_mech *m)
{
	uint32_t algs = ca_mech_sign_algs(m);
	size_t n = ca_token_model(s->token)->keys_n;

	if (!ca_mech_offered(s, m, CKF_SIGN) &&
	    (flags_of(s, m, true) & CKF_SIGN) != 0)
		for (size_t i = 0; i < n; i++)
			if (ca_token_prove(s->token, i, algs) != CA_OK ||
			    ca_mech_offered(s, m, CKF_SIGN))
				break;
}

/* What the host and the cards we know handle: in bits, secrets in bytes. */
static void
sizes(const struct ca_mech *m, CK_MECHANISM_INFO *out)
{
	static const struct {
		CK_ULONG min, max;
	} of[CA_KEYS_COUNT] = {
	    [CA_KEYS_RSA] = {1024, 4096},
	    [CA_KEYS_EC] = {224, 521},
	    [CA_KEYS_EDWARDS] = {255, 448},
	    [CA_KEYS_MONTGOMERY] = {255, 448},
	    [CA_KEYS_AES] = {16, 32},
	    [CA_KEYS_SECRET] = {1, CA_GENERIC_BYTES_MAX},
	    [CA_KEYS_DES3] = {16, 24},
	};

	out->ulMinKeySize = of[m->keys].min;
	out->ulMaxKeySize = of[m->keys].max;
}

CK_RV
ca_mech_info(struct ca_slot *s, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *out)
{
	const struct ca_mech *m = row_of(type);
	CK_FLAGS flags;

	if (m == NULL)
		return CKR_MECHANISM_INVALID;
	if (m->scheme != CA_SCHEME_DIGEST)
		find_out(s, m);
	flags = flags_here(s, m);
	if (flags == 0)
		return CKR_MECHANISM_INVALID;
	out->flags = flags;
	sizes(m, out);
	return CKR_OK;
}
