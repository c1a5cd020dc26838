/*
 * See the header.
 *
 * The mutex here is a native one and held for a few instructions: it guards
 * the waiting connection against being cancelled while it is replaced. It is
 * no part of the module's lock order.
 */
#include "pcsc/token/watch.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often we look whether pcscd has come, while there is none. */
#define SERVICE_POLL_MS 500u

struct ca_watch {
	const struct ca_transport *tp;
	void *conn;   /* for list and query */
	void *waiter; /* for wait; guarded by lock */
	pthread_mutex_t lock;
	atomic_bool cancelled;
	int pipe[2]; /* readable once cancelled */
};

ca_err
ca_watch_new(const struct ca_transport *tp, struct ca_watch **out)
{
	struct ca_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return CA_E_NOMEM;
	w->tp = tp;
	if (pipe2(w->pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(w);
		return CA_E_NOMEM;
	}
	(void)pthread_mutex_init(&w->lock, NULL);
	*out = w;
	return CA_OK;
}

static void
release(struct ca_watch **w)
{
	(void)close((*w)->pipe[0]);
	(void)close((*w)->pipe[1]);
	(void)pthread_mutex_destroy(&(*w)->lock);
	free(*w);
	*w = NULL;
}

void
ca_watch_free(struct ca_watch **w)
{
	if (*w == NULL)
		return;
	if ((*w)->conn != NULL)
		(*w)->tp->ops->close((*w)->conn);
	if ((*w)->waiter != NULL)
		(*w)->tp->ops->close((*w)->waiter);
	release(w);
}

void
ca_watch_forget(struct ca_watch **w)
{
	if (*w == NULL)
		return;
	if ((*w)->conn != NULL)
		(*w)->tp->ops->forget((*w)->conn);
	if ((*w)->waiter != NULL)
		(*w)->tp->ops->forget((*w)->waiter);
	release(w);
}

/* Drops a connection that died with its pcscd. */
static void
drop(struct ca_watch *w)
{
	w->tp->ops->close(w->conn);
	w->conn = NULL;
}

static ca_err
connected(struct ca_watch *w)
{
	return w->conn != NULL ? CA_OK : w->tp->ops->open(w->tp->arg, &w->conn);
}

ca_err
ca_watch_list(struct ca_watch *w, struct ca_reader *out, size_t cap, size_t *n)
{
	*n = 0;
	/* A second round with a new connection, should pcscd be a new one. */
	for (int i = 0; i < 2; i++) {
		ca_err e = connected(w);

		if (e == CA_OK)
			e = w->tp->ops->list(w->conn, out, cap, n);
		if (e != CA_E_NO_SERVICE)
			return e;
		*n = 0;
		if (w->conn == NULL)
			break;
		drop(w);
	}
	return CA_OK;
}

ca_err
ca_watch_query(struct ca_watch *w, struct ca_reader *io)
{
	for (int i = 0; i < 2; i++) {
		ca_err e = connected(w);

		if (e == CA_OK)
			e = w->tp->ops->query(w->conn, io);
		if (e == CA_E_NO_READER)
			break;
		if (e != CA_E_NO_SERVICE)
			return e;
		if (w->conn == NULL)
			break;
		drop(w);
	}
	io->present = io->card = io->mute = false;
	io->atr_n = 0;
	return CA_OK;
}

/* Sets the waiting connection and closes the one before. */
static void
set_waiter(struct ca_watch *w, void *conn)
{
	void *old;

	(void)pthread_mutex_lock(&w->lock);
	old = w->waiter;
	w->waiter = conn;
	(void)pthread_mutex_unlock(&w->lock);
	if (old != NULL)
		w->tp->ops->close(old);
}

/* Without pcscd: waits ms for a cancel. True when it came. */
static bool
nap(struct ca_watch *w, uint32_t ms)
{
	struct pollfd p = {.fd = w->pipe[0], .events = POLLIN};

	return poll(&p, 1, (int)ms) > 0;
}

static bool
any_present(const struct ca_reader *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (known[i].present)
			return true;
	return false;
}

ca_err
ca_watch_wait(struct ca_watch *w, const struct ca_reader *known, size_t n,
    uint32_t timeout_ms)
{
	uint32_t left = timeout_ms;

	for (;;) {
		uint32_t ms = left < SERVICE_POLL_MS ? left : SERVICE_POLL_MS;
		void *conn = w->waiter;
		ca_err e = CA_OK;

		if (conn == NULL) {
			e = w->tp->ops->open(w->tp->arg, &conn);
			if (e == CA_OK)
				set_waiter(w, conn);
		}
		if (atomic_load(&w->cancelled))
			return CA_E_CANCELLED;
		if (e == CA_OK)
			e = w->tp->ops->wait(conn, known, n, left);
		if (atomic_load(&w->cancelled))
			return CA_E_CANCELLED;
		if (e != CA_E_NO_SERVICE)
			return e;
		set_waiter(w, NULL);
		/* With pcscd all its readers have gone: that is a change. */
		if (any_present(known, n))
			return CA_OK;
		if (nap(w, ms))
			return CA_E_CANCELLED;
		if (left != CA_WAIT_FOREVER && (left -= ms) == 0)
			return CA_E_TIMEOUT;
	}
}

void
ca_watch_cancel(struct ca_watch *w)
{
	atomic_store(&w->cancelled, true);
	(void)!write(w->pipe[1], "", 1); /* full means: told already */
	(void)pthread_mutex_lock(&w->lock);
	if (w->waiter != NULL)
		w->tp->ops->cancel(w->waiter);
	(void)pthread_mutex_unlock(&w->lock);
}
