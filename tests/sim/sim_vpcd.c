#include "tests/sim/sim_vpcd.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pcsc/base/secret.h"

enum { VPCD_OFF = 0, VPCD_ON = 1, VPCD_RESET = 2, VPCD_ATR = 4 };

void
ca_sim_vpcd_init(struct ca_sim_vpcd *v)
{
	v->fd = -1;
	v->n = 0;
}

void
ca_sim_vpcd_close(struct ca_sim_vpcd *v)
{
	if (v->fd >= 0)
		close(v->fd);
	v->fd = -1;
	ca_wipe(v->in, v->n);
	v->n = 0;
}

static int
try_connect(const struct addrinfo *a)
{
	int fd =
	    socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
	int on = 1;

	if (fd < 0)
		return -1;
	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0 &&
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0)
		return fd;
	close(fd);
	return -1;
}

ca_err
ca_sim_vpcd_connect(struct ca_sim_vpcd *v, const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;

	ca_sim_vpcd_close(v);
	if (getaddrinfo(host, port, &hints, &list) != 0)
		return CA_E_NO_SERVICE;
	for (struct addrinfo *a = list; a != NULL && v->fd < 0; a = a->ai_next)
		v->fd = try_connect(a);
	freeaddrinfo(list);
	return v->fd >= 0 ? CA_OK : CA_E_NO_SERVICE;
}

static bool
send_all(int fd, struct ca_rd r)
{
	while (r.n > 0) {
		ssize_t n = send(fd, r.p, r.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || !ca_rd_skip(&r, (size_t)n))
			return false;
	}
	return true;
}

static bool
reply(struct ca_sim_vpcd *v, struct ca_rd body)
{
	uint8_t room[CA_SIM_ANSWER + 2];
	struct ca_wr w = ca_wr_of(room, sizeof(room));
	bool ok;

	ca_wr_u16(&w, (uint16_t)body.n);
	ca_wr_bytes(&w, body);
	ok = ca_wr_ok(&w) && send_all(v->fd, ca_wr_rd(&w));
	ca_wipe(room, sizeof(room));
	return ok;
}

static bool
order(struct ca_sim_vpcd *v, struct ca_sim *s, uint8_t what)
{
	switch (what) {
	case VPCD_OFF:
		ca_sim_power_off(s);
		return true;
	case VPCD_ON:
	case VPCD_RESET:
		ca_sim_reset(s, ca_sim_opts(s)->t1 != 0);
		return true;
	case VPCD_ATR:
		return reply(v, ca_sim_atr(s));
	default:
		return true;
	}
}

static bool
command(struct ca_sim_vpcd *v, struct ca_sim *s, struct ca_rd cmd,
    enum ca_sim_event *ev)
{
	uint8_t room[CA_SIM_ANSWER];
	struct ca_wr resp = ca_wr_of(room, sizeof(room));
	bool ok = true;

	*ev = ca_sim_transmit(s, cmd, &resp);
	if (*ev == CA_SIM_WAS_RESET) {
		ca_sim_reset(s, ca_sim_opts(s)->t1 != 0);
		*ev = ca_sim_transmit(s, cmd, &resp);
	}
	if (*ev == CA_SIM_RESET_SINCE)
		*ev = CA_SIM_ANSWERED;
	if (*ev == CA_SIM_ANSWERED && resp.n == 0)
		ca_sim_vpcd_close(v);
	else if (*ev == CA_SIM_ANSWERED)
		ok = reply(v, ca_wr_rd(&resp));
	ca_wipe(room, sizeof(room));
	return ok;
}

/* Takes complete messages from the front of the buffer. */
static ca_err
drain(struct ca_sim_vpcd *v, struct ca_sim *s, enum ca_sim_event *ev)
{
	struct ca_rd r = ca_rd_of(v->in, v->n);
	struct ca_rd look = r;
	struct ca_rd body;
	uint16_t n = 0;
	bool ok = true;

	while (ok && v->fd >= 0 && *ev == CA_SIM_ANSWERED &&
	       ca_rd_u16(&look, &n) && ca_rd_take(&look, n, &body)) {
		r = look;
		if (body.n == 1)
			ok = order(v, s, body.p[0]);
		else if (body.n > 1)
			ok = command(v, s, body, ev);
	}
	if (v->fd >= 0) {
		memmove(v->in, r.p, r.n);
		v->n = r.n;
	}
	return ok ? CA_OK : CA_E_NO_SERVICE;
}

ca_err
ca_sim_vpcd_serve(struct ca_sim_vpcd *v, struct ca_sim *s,
    enum ca_sim_event *ev)
{
	int on = 1;
	ssize_t n;
	ca_err e = CA_E_NO_SERVICE;

	*ev = CA_SIM_ANSWERED;
	/* vpcd writes length and body apart: without an immediate ACK for the
	 * first its Nagle timer costs 40 ms. The option does not stay on. */
	(void)setsockopt(v->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
	n = recv(v->fd, v->in + v->n, sizeof(v->in) - v->n, 0);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return CA_OK;
	if (n > 0) {
		v->n += (size_t)n;
		e = drain(v, s, ev);
	}
	if (v->fd >= 0)
		(void)setsockopt(v->fd, IPPROTO_TCP, TCP_QUICKACK, &on,
		    sizeof(on));
	if (e != CA_OK || *ev != CA_SIM_ANSWERED)
		ca_sim_vpcd_close(v);
	return e;
}
