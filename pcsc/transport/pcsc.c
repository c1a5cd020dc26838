/*
 * The real readers: pcsc-lite. The only file that sees winscard.h.
 *
 * A context of pcsc-lite is a socket to pcscd and a mutex; a call that waits
 * holds both. That is why waiting has a connection of its own (transport.h).
 */
#include <reader.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#include "pcsc/base/log.h"
#include "pcsc/transport/transport.h"

#define ROOM "transport"
/* Room for all reader names pcsc-lite can have, as one multi-string. */
#define NAMES_MAX (CA_READERS_MAX * CA_READER_NAME + 1)
/* pcsc-lite of Debian 12 compares the reader list only from the moment a wait
 * begins, so a reader that came just before would go unseen: look again. */
#define WAIT_SLICE_MS 10000u
#define PNP "\\\\?PnP?\\Notification"

struct link;

struct conn {
	SCARDCONTEXT ctx;
	struct link *links;
};

struct link {
	struct conn *conn;
	struct link *next;
	SCARDHANDLE card;
	DWORD proto;
};

/* clang-format off */
static const struct {
	LONG rv;
	ca_err e;
} errors[] = {
	{ SCARD_E_NO_MEMORY,             CA_E_NOMEM },
	{ SCARD_E_NO_SERVICE,            CA_E_NO_SERVICE },
	{ SCARD_E_SERVICE_STOPPED,       CA_E_NO_SERVICE },
	{ SCARD_F_COMM_ERROR,            CA_E_NO_SERVICE },
	/* Handles die with the pcscd that gave them. */
	{ SCARD_E_INVALID_HANDLE,        CA_E_NO_SERVICE },
	{ SCARD_E_UNKNOWN_READER,        CA_E_NO_READER },
	{ SCARD_E_READER_UNAVAILABLE,    CA_E_NO_READER },
	{ SCARD_E_NO_READERS_AVAILABLE,  CA_E_NO_READER },
	{ SCARD_E_NO_SMARTCARD,          CA_E_NO_CARD },
	{ SCARD_W_UNRESPONSIVE_CARD,     CA_E_IO },
	{ SCARD_W_UNPOWERED_CARD,        CA_E_IO },
	{ SCARD_W_UNSUPPORTED_CARD,      CA_E_UNSUPPORTED },
	{ SCARD_E_PROTO_MISMATCH,        CA_E_UNSUPPORTED },
	{ SCARD_W_REMOVED_CARD,          CA_E_REMOVED },
	{ SCARD_W_RESET_CARD,            CA_E_RESET },
	{ SCARD_E_SHARING_VIOLATION,     CA_E_BUSY },
	{ SCARD_E_TIMEOUT,               CA_E_TIMEOUT },
	{ SCARD_E_CANCELLED,             CA_E_CANCELLED },
	/* An answer larger than the longest APDU. */
	{ SCARD_E_INSUFFICIENT_BUFFER,   CA_E_MALFORMED },
};
/* clang-format on */

static ca_err
err_of(LONG rv, const char *call)
{
	ca_err e = CA_E_IO;

	if (rv == SCARD_S_SUCCESS)
		return CA_OK;
	for (size_t i = 0; i < CA_COUNT(errors); i++)
		if (errors[i].rv == rv)
			e = errors[i].e;
	if (e != CA_E_TIMEOUT && e != CA_E_CANCELLED)
		ca_log(CA_LOG_INFO, ROOM, "%s: 0x%08lX, %s", call,
		    (unsigned long)rv & 0xFFFFFFFFul, ca_err_name(e));
	return e;
}

static ca_err
pcsc_open(void *arg, void **out)
{
	struct conn *c;
	ca_err e;

	(void)arg;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return CA_E_NOMEM;
	e = err_of(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL,
		       &c->ctx),
	    "SCardEstablishContext");
	if (e != CA_OK) {
		free(c);
		return e;
	}
	*out = c;
	return CA_OK;
}

static void
free_links(struct conn *c)
{
	while (c->links != NULL) {
		struct link *l = c->links;

		c->links = l->next;
		free(l);
	}
}

static void
pcsc_forget(void *conn)
{
	struct conn *c = conn;

	if (c == NULL)
		return;
	free_links(c);
	free(c);
}

static void
pcsc_close(void *conn)
{
	struct conn *c = conn;

	if (c == NULL)
		return;
	(void)SCardReleaseContext(c->ctx);
	pcsc_forget(c);
}

/* The state word pcsc-lite would have given for what we know of a reader. */
static DWORD
known_state(const struct ca_reader *r)
{
	DWORD s;

	if (!r->present)
		return SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE;
	s = r->card || r->mute ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;
	if (r->mute)
		s |= SCARD_STATE_MUTE;
	return s | (DWORD)(r->events & 0xFFFF) << 16;
}

static void
reader_from_state(const SCARD_READERSTATE *s, struct ca_reader *r)
{
	DWORD ev = s->dwEventState;

	r->present = (ev & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE |
			       SCARD_STATE_IGNORE)) == 0;
	r->mute = (ev & SCARD_STATE_MUTE) != 0;
	r->card = r->present && !r->mute && (ev & SCARD_STATE_PRESENT) != 0;
	r->events = (uint32_t)(ev >> 16) & 0xFFFF;
	r->atr_n = 0;
	if (r->card && !ca_rd_copy(ca_rd_of(s->rgbAtr, s->cbAtr), r->atr,
			   sizeof(r->atr), &r->atr_n))
		ca_log(CA_LOG_ERROR, ROOM, "ATR of %lu bytes ignored",
		    (unsigned long)s->cbAtr);
}

/* Reader names into `out`; the rest of each entry is zeroed. */
static ca_err
names(struct conn *c, struct ca_reader *out, size_t cap, size_t *n)
{
	char all[NAMES_MAX];
	DWORD len = sizeof(all);
	LONG rv = SCardListReaders(c->ctx, NULL, all, &len);
	const char *p = all;

	*n = 0;
	if (rv == SCARD_E_NO_READERS_AVAILABLE)
		return CA_OK;
	if (rv != SCARD_S_SUCCESS)
		return err_of(rv, "SCardListReaders");
	all[sizeof(all) - 1] = '\0';
	while (p < all + sizeof(all) && *p != '\0' && *n < cap) {
		size_t l = strnlen(p, sizeof(all) - (size_t)(p - all));

		if (l < CA_READER_NAME) {
			memset(&out[*n], 0, sizeof(out[*n]));
			memcpy(out[*n].name, p, l);
			(*n)++;
		}
		p += l + 1;
	}
	return CA_OK;
}

static ca_err
pcsc_list(void *conn, struct ca_reader *out, size_t cap, size_t *n)
{
	SCARD_READERSTATE st[CA_READERS_MAX] = {0};
	struct conn *c = conn;
	ca_err e;
	LONG rv;

	if (cap > CA_READERS_MAX)
		cap = CA_READERS_MAX;
	if ((e = names(c, out, cap, n)) != CA_OK || *n == 0)
		return e;
	for (size_t i = 0; i < *n; i++)
		st[i].szReader = out[i].name;
	rv = SCardGetStatusChange(c->ctx, 0, st, (DWORD)*n);
	if (rv == SCARD_E_UNKNOWN_READER) {
		/* One left between the two calls; the next look is right. */
		*n = 0;
		return CA_OK;
	}
	if (rv != SCARD_S_SUCCESS && rv != SCARD_E_TIMEOUT) {
		*n = 0;
		return err_of(rv, "SCardGetStatusChange");
	}
	for (size_t i = 0; i < *n; i++)
		reader_from_state(&st[i], &out[i]);
	return CA_OK;
}

static ca_err
pcsc_query(void *conn, struct ca_reader *io)
{
	SCARD_READERSTATE st = {.szReader = io->name};
	struct conn *c = conn;
	LONG rv = SCardGetStatusChange(c->ctx, 0, &st, 1);

	if (rv == SCARD_E_UNKNOWN_READER) {
		st.dwEventState = SCARD_STATE_UNKNOWN;
		rv = SCARD_S_SUCCESS;
	}
	if (rv != SCARD_S_SUCCESS && rv != SCARD_E_TIMEOUT)
		return err_of(rv, "SCardGetStatusChange");
	reader_from_state(&st, io);
	return CA_OK;
}

/* Whether the readers that are there now are those that were known as there. */
static ca_err
same_readers(struct conn *c, const struct ca_reader *known, size_t n,
    bool *same)
{
	struct ca_reader now[CA_READERS_MAX];
	size_t now_n, there = 0;
	ca_err e;

	if ((e = names(c, now, CA_READERS_MAX, &now_n)) != CA_OK)
		return e;
	*same = true;
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		if (!known[i].present)
			continue;
		there++;
		for (size_t j = 0; j < now_n; j++)
			found |= strcmp(known[i].name, now[j].name) == 0;
		*same &= found;
	}
	*same &= there == now_n;
	return CA_OK;
}

static ca_err
wait_slice(struct conn *c, const struct ca_reader *known, size_t n, DWORD ms)
{
	SCARD_READERSTATE st[CA_READERS_MAX + 1] = {0};
	DWORD k = 0;
	LONG rv;

	for (size_t i = 0; i < n && k < CA_READERS_MAX; i++) {
		if (!known[i].present)
			continue;
		st[k].szReader = known[i].name;
		st[k].dwCurrentState = known_state(&known[i]);
		k++;
	}
	st[k++].szReader = PNP;
	rv = SCardGetStatusChange(c->ctx, ms, st, k);
	if (rv == SCARD_E_UNKNOWN_READER)
		return CA_OK; /* one of them is gone: that is the change */
	return err_of(rv, "SCardGetStatusChange");
}

static ca_err
pcsc_wait(void *conn, const struct ca_reader *known, size_t n,
    uint32_t timeout_ms)
{
	struct conn *c = conn;
	uint32_t left = timeout_ms;

	for (;;) {
		uint32_t slice = left < WAIT_SLICE_MS ? left : WAIT_SLICE_MS;
		bool same;
		ca_err e = same_readers(c, known, n, &same);

		if (e != CA_OK || !same)
			return e;
		e = wait_slice(c, known, n, slice);
		if (e != CA_E_TIMEOUT)
			return e;
		if (left != CA_WAIT_FOREVER && (left -= slice) == 0)
			return CA_E_TIMEOUT;
	}
}

static void
pcsc_cancel(void *conn)
{
	struct conn *c = conn;

	(void)SCardCancel(c->ctx);
}

static ca_err
fill_info(struct link *l, struct ca_link_info *info)
{
	DWORD state = 0, proto = 0, atr_n = sizeof(info->atr);
	ca_err e;

	memset(info, 0, sizeof(*info));
	e = err_of(SCardStatus(l->card, NULL, NULL, &state, &proto, info->atr,
		       &atr_n),
	    "SCardStatus");
	if (e != CA_OK)
		return e;
	info->atr_n = atr_n <= sizeof(info->atr) ? atr_n : 0;
	info->proto = l->proto == SCARD_PROTOCOL_T0 ? CA_PROTO_T0 : CA_PROTO_T1;
	return CA_OK;
}

static void
pcsc_disconnect(void *link)
{
	struct link *l = link;

	if (l == NULL)
		return;
	(void)SCardDisconnect(l->card, SCARD_LEAVE_CARD);
	for (struct link **p = &l->conn->links; *p != NULL; p = &(*p)->next)
		if (*p == l) {
			*p = l->next;
			break;
		}
	free(l);
}

static ca_err
pcsc_connect(void *conn, const char *reader, struct ca_link_info *info,
    void **out)
{
	struct conn *c = conn;
	struct link *l;
	ca_err e;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return CA_E_NOMEM;
	e = err_of(SCardConnect(c->ctx, reader, SCARD_SHARE_SHARED,
		       SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &l->card,
		       &l->proto),
	    "SCardConnect");
	if (e != CA_OK) {
		free(l);
		return e;
	}
	l->conn = c;
	l->next = c->links;
	c->links = l;
	if ((e = fill_info(l, info)) != CA_OK) {
		pcsc_disconnect(l);
		return e;
	}
	*out = l;
	return CA_OK;
}

static ca_err
pcsc_reconnect(void *link, bool reset, struct ca_link_info *info)
{
	struct link *l = link;
	ca_err e;

	e = err_of(SCardReconnect(l->card, SCARD_SHARE_SHARED,
		       SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
		       reset ? SCARD_RESET_CARD : SCARD_LEAVE_CARD, &l->proto),
	    "SCardReconnect");
	return e != CA_OK ? e : fill_info(l, info);
}

static ca_err
pcsc_begin(void *link)
{
	struct link *l = link;

	return err_of(SCardBeginTransaction(l->card), "SCardBeginTransaction");
}

static void
pcsc_end(void *link)
{
	struct link *l = link;

	(void)SCardEndTransaction(l->card, SCARD_LEAVE_CARD);
}

/* What a call wrote into *resp, n bytes as it says. */
static ca_err
answered(ca_err e, DWORD n, struct ca_wr *resp)
{
	if (e != CA_OK)
		return e;
	if (n > resp->cap)
		return CA_E_MALFORMED;
	resp->n = n;
	return CA_OK;
}

static ca_err
pcsc_transmit(void *link, struct ca_rd cmd, struct ca_wr *resp)
{
	struct link *l = link;
	const SCARD_IO_REQUEST *pci =
	    l->proto == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
	DWORD n = (DWORD)resp->cap;
	ca_err e;

	resp->n = 0;
	resp->failed = false;
	e = err_of(SCardTransmit(l->card, pci, cmd.p, (DWORD)cmd.n, NULL,
		       resp->p, &n),
	    "SCardTransmit");
	return answered(e, n, resp);
}

static ca_err
pcsc_control(void *link, uint32_t code, struct ca_rd in, struct ca_wr *resp)
{
	struct link *l = link;
	DWORD n = 0;
	ca_err e;

	_Static_assert(CA_CONTROL_FEATURES == CM_IOCTL_GET_FEATURE_REQUEST,
	    "pcsc-lite counts control codes otherwise");
	resp->n = 0;
	resp->failed = false;
	e = err_of(SCardControl(l->card, code, in.p, (DWORD)in.n, resp->p,
		       (DWORD)resp->cap, &n),
	    "SCardControl");
	return answered(e, n, resp);
}

static const struct ca_transport_ops pcsc_ops = {
    .open = pcsc_open,
    .close = pcsc_close,
    .forget = pcsc_forget,
    .list = pcsc_list,
    .query = pcsc_query,
    .wait = pcsc_wait,
    .cancel = pcsc_cancel,
    .connect = pcsc_connect,
    .reconnect = pcsc_reconnect,
    .disconnect = pcsc_disconnect,
    .begin = pcsc_begin,
    .end = pcsc_end,
    .transmit = pcsc_transmit,
    .control = pcsc_control,
};

const struct ca_transport ca_transport_pcsc = {&pcsc_ops, NULL};
