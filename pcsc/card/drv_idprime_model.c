/* See drv_idprime.h: what is on the card, from its index and its maps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/card/card.h"
#include "pcsc/card/drv_idprime.h"
#include "pcsc/card/way.h"

#define ROOM "idprime"
#define SIGNATURE_PIN 0x83
#define TOKEN_PIN_INDEX 1

static void
add_pin(struct ca_model *m, const struct ca_profile_pin *p, uint8_t reference,
    enum ca_pin_role role, uint8_t id)
{
	struct ca_pin *pin;

	if (m->pins_n == CA_PINS_MAX)
		return;
	pin = &m->pins[m->pins_n++];
	memset(pin, 0, sizeof(*pin));
	pin->role = role;
	pin->reference = reference;
	pin->has_reference = true;
	pin->type = CA_PIN_UTF8;
	pin->flags =
	    CA_PINF_INITIALIZED | (p->has_stored ? CA_PINF_NEEDS_PADDING : 0u);
	pin->min = p->min;
	pin->max = p->max;
	pin->stored = p->stored;
	pin->pad_char = p->pad;
	pin->has_pad_char = true;
	pin->tries_max = p->tries;
	pin->auth_id.b[0] = id;
	pin->auth_id.n = 1;
}

/* Whether the container has a certificate of either kind: then the exchange
 * key's record stands behind that of the signature key. */
static bool
has_both(const struct ca_idprime_tables *t, uint8_t container)
{
	bool sign = false, exchange = false;

	for (size_t i = 0; i < t->files_n; i++)
		if (t->files[i].container == container) {
			sign |= t->files[i].kind == CA_IDPRIME_CERT_SIGN;
			exchange |=
			    t->files[i].kind == CA_IDPRIME_CERT_EXCHANGE;
		}
	return sign && exchange;
}

static bool
find_in_map(const struct ca_idprime_tables *t, const struct ca_idprime_file *f,
    struct ca_idprime_key *out, struct ca_idprime_ref *ref)
{
	struct ca_rd map = ca_buf_rd(&t->keys);
	unsigned nth =
	    f->kind == CA_IDPRIME_CERT_EXCHANGE && has_both(t, f->container);
	struct ca_idprime_key other;

	if (!ca_idprime_key(map, f->container, nth, out)) {
		nth = 0;
		if (!ca_idprime_key(map, f->container, nth, out))
			return false;
	}
	ref->mapped = true;
	ref->has_other = ca_idprime_key(map, f->container, 1 - nth, &other) &&
			 other.pin == out->pin &&
			 other.reference != out->reference;
	ref->other = ref->has_other ? other.reference : 0;
	return true;
}

/*
 * The key of a certificate, by the map or by the model's rule. False: there is
 * none, as with a certificate of an authority; the map of keys says so, or,
 * where no record of that is in use, the map of containers.
 */
static bool
find_key(const struct ca_profile *p, const struct ca_idprime_tables *t,
    const struct ca_idprime_file *f, struct ca_idprime_key *out,
    struct ca_idprime_ref *ref)
{
	unsigned rule =
	    p->container_base + (unsigned)p->container_step * f->container;
	struct ca_idprime_container c;

	memset(ref, 0, sizeof(*ref));
	if (ca_idprime_has_keys(ca_buf_rd(&t->keys)))
		return find_in_map(t, f, out, ref);
	if (ca_idprime_has_containers(ca_buf_rd(&t->cmap)) &&
	    (!ca_idprime_container(ca_buf_rd(&t->cmap), f->container, &c) ||
		!c.used))
		return false;
	out->reference = (uint8_t)rule;
	out->pin = TOKEN_PIN_INDEX;
	return rule <= 0xFF;
}

static bool
kind_by_map(const struct ca_idprime_tables *t, const struct ca_idprime_file *f,
    struct ca_key *k)
{
	struct ca_idprime_container c;
	unsigned bits = 0;

	if (ca_idprime_container(ca_buf_rd(&t->cmap), f->container, &c))
		bits = f->kind == CA_IDPRIME_CERT_SIGN ? c.sign_bits
						       : c.exchange_bits;
	k->bits = bits;
	k->type =
	    bits == 256 || bits == 384 || bits == 521 ? CA_KEY_EC : CA_KEY_RSA;
	return k->type == CA_KEY_EC || (bits >= 512 && bits <= 8192);
}

static ca_err
kind_by_cert(struct ca_tx *tx, const struct ca_idprime_file *f,
    struct ca_key *k, struct ca_buf *der)
{
	bool ec = false;
	ca_err e = ca_idprime_read_cert(tx, f->fid, f->size, der);

	if (e == CA_OK && !ca_idprime_cert_key(ca_buf_rd(der), &ec, &k->bits))
		e = CA_E_DATA;
	k->type = ec ? CA_KEY_EC : CA_KEY_RSA;
	return e;
}

/* Type and size of the key: the container map knows, else the certificate,
 * which der gets then; or, for a single one, the other way round. */
static ca_err
key_kind(struct ca_tx *tx, struct ca_idprime_tables *t,
    const struct ca_idprime_file *f, struct ca_key *k, struct ca_buf *der)
{
	ca_err e = CA_E_NOT_FOUND, map;

	if (t->alone) {
		e = kind_by_cert(tx, f, k, der);
		if (!ca_idprime_absent(e))
			return e;
		ca_buf_free(der);
		if ((map = ca_idprime_read_cmap(tx, t)) != CA_OK)
			return map;
	}
	if (kind_by_map(t, f, k))
		return CA_OK;
	return t->alone ? e : kind_by_cert(tx, f, k, der);
}

static struct ca_id
id_of(const struct ca_idprime_file *f)
{
	struct ca_id id = {.n = 1};

	id.b[0] = f->container;
	if (f->kind == CA_IDPRIME_CERT_EXCHANGE)
		id.b[0] |= CA_IDPRIME_EXCHANGE;
	return id;
}

/* What a key may be asked for; the card knows better. That it deciphers is
 * ruled out for the signature PIN's keys alone: the name of a certificate says
 * what Windows takes its key for, and not what the card does with it. */
static uint32_t
usage_of(const struct ca_key *k)
{
	if (k->type == CA_KEY_EC)
		return CA_USE_SIGN | CA_USE_DERIVE;
	return CA_USE_SIGN | (k->consent == 0 ? CA_USE_DECRYPT : 0u);
}

static void
add_label(char *out, size_t cap, const struct ca_idprime_file *f,
    const char *what)
{
	(void)snprintf(out, cap, "%s %s %u",
	    f->kind == CA_IDPRIME_CERT_EXCHANGE ? "Exchange" : "Signature",
	    what, f->container + 1u);
}

static ca_err
add_key(struct ca_tx *tx, struct ca_idprime_tables *t,
    const struct ca_idprime_file *f, const struct ca_idprime_key *ref,
    struct ca_model *m, struct ca_buf *der)
{
	struct ca_key *k = &m->keys[m->keys_n];
	ca_err e;

	if (m->keys_n == CA_KEYS_MAX)
		return CA_OK;
	memset(k, 0, sizeof(*k));
	if ((e = key_kind(tx, t, f, k, der)) != CA_OK)
		return e;
	k->id = id_of(f);
	k->auth_id.b[0] = ref->pin == TOKEN_PIN_INDEX ? 1 : 2;
	k->auth_id.n = 1;
	k->consent = ref->pin == TOKEN_PIN_INDEX ? 0 : 1;
	k->reference = ref->reference;
	k->has_reference = true;
	k->is_private = true;
	k->usage = usage_of(k);
	ca_way_algs(tx->profile, &m->supported, k);
	add_label(k->label, sizeof(k->label), f, "key");
	m->keys_n++;
	return CA_OK;
}

/* A certificate, and the key it belongs to. */
static ca_err
add_container(struct ca_tx *tx, struct ca_idprime_tables *t,
    const struct ca_idprime_file *f, struct ca_model *m)
{
	struct ca_idprime_state *state = tx->state;
	struct ca_id id = id_of(f);
	struct ca_idprime_key ref;
	struct ca_buf der = {0};
	struct ca_cert *c;
	ca_err e = CA_OK;

	if (find_key(tx->profile, t, f, &ref, &state->refs[id.b[0]]))
		e = add_key(tx, t, f, &ref, m, &der);
	else
		ca_log(CA_LOG_INFO, ROOM, "container %u has no key",
		    f->container);
	m->hidden_before_login |= e == CA_E_AUTH_NEEDED;
	if (e != CA_OK || m->certs_n == CA_CERTS_MAX) {
		ca_buf_free(&der);
		/* no certificate there: nothing to show */
		return ca_idprime_absent(e) ? CA_OK : e;
	}
	c = &m->certs[m->certs_n++];
	memset(c, 0, sizeof(*c));
	c->id = id;
	ca_buf_take(&c->der, &der);
	add_label(c->label, sizeof(c->label), f, "certificate");
	c->path.path[0] = (uint8_t)(f->fid >> 8);
	c->path.path[1] = (uint8_t)f->fid;
	c->path.path_n = 2;
	c->path.length = f->size; /* as the index has it: see read_cert() */
	return CA_OK;
}

static ca_err
fill(struct ca_tx *tx, struct ca_idprime_tables *t, struct ca_model *m)
{
	const struct ca_profile *p = tx->profile;
	ca_err e = ca_idprime_read_index(tx, t);

	/* Some tokens in their FIPS form show their files after login. */
	m->hidden_before_login = e == CA_E_AUTH_NEEDED;
	if ((e != CA_OK && e != CA_E_AUTH_NEEDED) ||
	    (e = ca_idprime_read_serial(tx, m)) != CA_OK ||
	    (e = ca_idprime_read_label(tx, t, m)) != CA_OK ||
	    (e = ca_idprime_read_maps(tx, t)) != CA_OK)
		return e;
	add_pin(m, &p->user, p->user.reference, CA_PIN_USER, 1);
	for (size_t i = 0; e == CA_OK && i < t->files_n; i++)
		if (ca_idprime_is_cert(&t->files[i]))
			e = add_container(tx, t, &t->files[i], m);
	for (size_t i = 0; i < m->keys_n; i++)
		if (m->keys[i].consent > 0) {
			add_pin(m, &p->user, SIGNATURE_PIN, CA_PIN_KEY, 2);
			break;
		}
	return e;
}

ca_err
ca_idprime_describe(struct ca_tx *tx, struct ca_model *out)
{
	const struct ca_profile *p = tx->profile;
	struct ca_idprime_tables *t = calloc(1, sizeof(*t));
	ca_err e;

	if (t == NULL)
		return CA_E_NOMEM;
	e = fill(tx, t, out);
	if (ca_idprime_absent(e) && !tx->entered &&
	    (e = ca_tx_enter(tx)) == CA_OK)
		e = fill(tx, t, out);
	ca_buf_free(&t->cmap);
	ca_buf_free(&t->keys);
	free(t);
	if (out->label[0] == '\0')
		memcpy(out->label, p->label, sizeof(p->label));
	memcpy(out->manufacturer, p->manufacturer, sizeof(p->manufacturer));
	memcpy(out->model, p->model, sizeof(p->model));
	out->token_flags = CA_TOKF_LOGIN_REQUIRED | CA_TOKF_PRN_GENERATION;
	out->can_random = true;
	out->pubs_read = true;
	out->data_read = true;
	return e;
}
