#include "module/core/key.h"

#include "module/core/mech.h"
#include "module/core/object.h"
#include "module/core/slot.h"

/* What a private use means for the public half (ISO/IEC 7816-15, 8.4). */
static const struct {
	uint32_t private_use, public_use;
} twins[] = {
    {CA_USE_SIGN | CA_USE_NON_REPUDIATION, CA_USE_VERIFY},
    {CA_USE_DECRYPT, CA_USE_ENCRYPT | CA_USE_WRAP},
    {CA_USE_UNWRAP, CA_USE_WRAP},
};

static const struct ca_model *
model(const struct ca_slot *s)
{
	return ca_token_model(s->token);
}

enum ca_key_type
ca_key_type_of(const struct ca_slot *s, const struct ca_object *o)
{
	return o->kind == CA_KIND_PUB ? model(s)->pubs[o->index].type
				      : model(s)->keys[o->index].type;
}

/* The private key with this id, or NULL. */
static const struct ca_key *
key_with_id(const struct ca_model *m, const struct ca_id *id, size_t *index)
{
	for (size_t i = 0; i < m->keys_n; i++)
		if (ca_id_equal(&m->keys[i].id, id)) {
			*index = i;
			return &m->keys[i];
		}
	return NULL;
}

static uint32_t
private_usage(const struct ca_key *k)
{
	uint32_t use = k->usage;

	if ((use & CA_USE_NON_REPUDIATION) != 0)
		use |= CA_USE_SIGN;
	if (use == 0) /* the card does not say: whatever it can do */
		use = (ca_mech_signs(k->algs) ? CA_USE_SIGN : 0u) |
		      (ca_mech_decrypts(k->algs) ? CA_USE_DECRYPT : 0u) |
		      ((k->algs & CA_ALG_BIT(CA_ALG_ECDH)) != 0 ? CA_USE_DERIVE
								: 0u);
	return use;
}

static uint32_t
public_usage(uint32_t private_use)
{
	uint32_t use = 0;

	for (size_t i = 0; i < CA_COUNT(twins); i++)
		if ((private_use & twins[i].private_use) != 0)
			use |= twins[i].public_use;
	return use;
}

/* A signature by RSA without hash gives back what was signed, whether or not
 * the directory has the second word for it. No EC signature does. */
static uint32_t
with_recovery(uint32_t use, enum ca_key_type type)
{
	if (type != CA_KEY_RSA)
		return use &
		       ~(uint32_t)(CA_USE_SIGN_RECOVER | CA_USE_VERIFY_RECOVER);
	if ((use & CA_USE_SIGN) != 0)
		use |= CA_USE_SIGN_RECOVER;
	if ((use & CA_USE_VERIFY) != 0)
		use |= CA_USE_VERIFY_RECOVER;
	return use;
}

/* A key decapsulates that derives or unwraps, and what is meant for it is
 * encapsulated with its public half. */
static uint32_t
with_kem(const struct ca_slot *s, const struct ca_object *o, uint32_t use)
{
	bool rsa = ca_key_type_of(s, o) == CA_KEY_RSA;

	use &= ~(CA_USE_ENCAPSULATE | CA_USE_DECAPSULATE);
	if (o->kind == CA_KIND_KEY) {
		if (rsa ? ca_key_unwraps(s, o->index)
			: ca_key_derives(s, o->index))
			use |= CA_USE_DECAPSULATE;
	} else if (rsa ? (use & CA_USE_WRAP) != 0 : ca_key_half_derives(s, o))
		use |= CA_USE_ENCAPSULATE;
	return use;
}

uint32_t
ca_key_usage(const struct ca_slot *s, const struct ca_object *o)
{
	const struct ca_model *m = model(s);
	const struct ca_key *k;
	uint32_t use = 0;
	size_t i;

	if (o->kind == CA_KIND_KEY)
		return with_kem(s, o,
		    with_recovery(private_usage(&m->keys[o->index]),
			ca_key_type_of(s, o)));
	if (o->kind == CA_KIND_PUB) {
		use = m->pubs[o->index].usage &
		      (CA_USE_VERIFY | CA_USE_ENCRYPT | CA_USE_WRAP);
		/* What encrypts wraps: the directories' two words for it come
		 * from different programs, and mean the same RSA. */
		if ((use & CA_USE_ENCRYPT) != 0)
			use |= CA_USE_WRAP;
		k = key_with_id(m, &m->pubs[o->index].id, &i);
	} else {
		k = &m->keys[o->index];
	}
	if (use == 0 && k != NULL)
		use = public_usage(private_usage(k));
	if (use == 0)
		use = CA_USE_VERIFY;
	if (ca_key_type_of(s, o) == CA_KEY_EC)
		use &= ~(uint32_t)(CA_USE_ENCRYPT | CA_USE_WRAP);
	return with_kem(s, o, with_recovery(use, ca_key_type_of(s, o)));
}

const struct ca_pin *
ca_key_pin(const struct ca_slot *s, size_t index)
{
	return ca_model_key_pin(model(s), &model(s)->keys[index]);
}

bool
ca_key_needs_consent(const struct ca_slot *s, size_t index)
{
	const struct ca_pin *own = ca_key_pin(s, index);
	const struct ca_pin *user = ca_model_pin(model(s), CA_PIN_USER);

	if (own == NULL || user == NULL)
		return false; /* and then there is no PIN to ask for */
	return model(s)->keys[index].consent >= 1 || own != user;
}

bool
ca_key_derives(const struct ca_slot *s, size_t index)
{
	const struct ca_key *k = &model(s)->keys[index];

	return k->type == CA_KEY_EC &&
	       (k->algs & CA_ALG_BIT(CA_ALG_ECDH)) != 0 &&
	       (private_usage(k) & CA_USE_DERIVE) != 0 &&
	       !ca_key_needs_consent(s, index);
}

bool
ca_key_half_derives(const struct ca_slot *s, const struct ca_object *o)
{
	const struct ca_model *m = model(s);
	size_t index = o->index;

	if (o->kind == CA_KIND_PUB &&
	    key_with_id(m, &m->pubs[o->index].id, &index) == NULL)
		return false;
	return ca_key_derives(s, index);
}

bool
ca_key_unwraps(const struct ca_slot *s, size_t index)
{
	const struct ca_key *k = &model(s)->keys[index];

	return ca_mech_decrypts(k->algs) &&
	       (private_usage(k) & (CA_USE_DECRYPT | CA_USE_UNWRAP)) != 0 &&
	       !ca_key_needs_consent(s, index);
}

ca_err
ca_key_spki(struct ca_slot *s, const struct ca_object *o, struct ca_buf *out)
{
	const struct ca_model *m = model(s);
	struct ca_rd spki = ca_rd_of(NULL, 0);
	size_t index = o->index;
	ca_err e;

	if (o->kind == CA_KIND_PUB) {
		spki = ca_buf_rd(&m->pubs[index].spki);
		if (spki.n != 0)
			return ca_buf_set(out, spki);
		/* Its file told nothing; the certificate may. */
		if (key_with_id(m, &m->pubs[o->index].id, &index) == NULL)
			return CA_E_NOT_FOUND;
	}
	e = ca_token_key_spki(s->token, index, &spki);
	return e == CA_OK ? ca_buf_set(out, spki) : e;
}
