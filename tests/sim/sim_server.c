#include "tests/sim/sim_server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "pcsc/base/secret.h"

#define RETRY_MS 100

void
ca_sim_complain(const char *what, const char *which)
{
	fprintf(stderr, "ca-simcard: %s%s%s\n", what, which != NULL ? ": " : "",
	    which != NULL ? which : "");
}

static bool
make_card(struct ca_sim_server *p, const struct ca_sim_opts *o)
{
	struct ca_sim *card = NULL;
	ca_err e = ca_sim_new(o, &card);

	if (e != CA_OK) {
		ca_sim_complain("the card cannot be made", ca_err_name(e));
		return false;
	}
	ca_sim_free(p->card);
	p->card = card;
	return true;
}

bool
ca_sim_server_swap(struct ca_sim_server *p, const char *serial)
{
	struct ca_sim_opts o = p->o;
	size_t n = strlen(o.serial);
	int k;

	if (serial != NULL)
		(void)snprintf(o.serial, sizeof(o.serial), "%s", serial);
	else if (n > 0)
		o.serial[n - 1] = "0123456789ABCDEF"
		    [((unsigned char)o.serial[n - 1] + ++p->swaps) % 16];
	if (o.state[0] != '\0') {
		k = snprintf(o.state, sizeof(o.state), "%s/%s", p->o.state,
		    o.serial);
		if (k < 0 || (size_t)k >= sizeof(o.state))
			return false;
	}
	return make_card(p, &o);
}

void
ca_sim_server_plug(struct ca_sim_server *p)
{
	if (!p->inserted || p->vpcd.fd >= 0)
		return;
	if (ca_sim_vpcd_connect(&p->vpcd, p->host, p->port) == CA_OK) {
		printf("ready %s\n", p->port);
		fflush(stdout);
		p->was_ready = true;
		return;
	}
	if (p->wait || p->was_ready)
		return;
	ca_sim_complain("vpcd does not answer; is pcscd running with the "
			"virtual "
			"reader on this port?",
	    p->port);
	p->stop = p->failed = true;
}

static void
serve_reader(struct ca_sim_server *p)
{
	enum ca_sim_event ev = CA_SIM_ANSWERED;
	ca_err e = ca_sim_vpcd_serve(&p->vpcd, p->card, &ev);

	if (e != CA_OK) {
		ca_sim_power_off(p->card);
		if (!p->wait) {
			ca_sim_complain("the reader hung up", NULL);
			p->stop = true;
		}
	} else if (ev == CA_SIM_GONE) {
		p->inserted = false;
		ca_sim_power_off(p->card);
	} else if (ev == CA_SIM_SWAPPED) {
		p->stop = !ca_sim_server_swap(p, NULL);
		p->failed = p->stop;
	}
}

static int
signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void
loop(struct ca_sim_server *p)
{
	int sig = signals();

	while (!p->stop) {
		struct pollfd fds[CA_SIM_CLIENTS + 3];
		size_t n = 2;
		size_t k;
		int wait;

		ca_sim_server_plug(p);
		if (p->stop)
			break;
		fds[0] = (struct pollfd){.fd = sig, .events = POLLIN};
		fds[1] = (struct pollfd){.fd = p->vpcd.fd, .events = POLLIN};
		k = ca_sim_control_poll(&p->control, fds + n);
		wait = p->inserted && p->vpcd.fd < 0 ? RETRY_MS : -1;
		if (poll(fds, (nfds_t)(n + k), wait) < 0 && errno != EINTR)
			break;
		if (fds[0].revents != 0)
			break;
		if (fds[1].revents != 0)
			serve_reader(p);
		ca_sim_control_serve(&p->control, fds + n, k,
		    ca_sim_server_answer, p);
	}
	close(sig);
}

bool
ca_sim_server_init(struct ca_sim_server *p)
{
	ca_sim_vpcd_init(&p->vpcd);
	p->control.fd = -1;
	return make_card(p, &p->o);
}

void
ca_sim_server_wipe(struct ca_sim_server *p)
{
	ca_sim_control_close(&p->control);
	ca_sim_vpcd_close(&p->vpcd);
	ca_sim_free(p->card);
	ca_wipe(p, sizeof(*p));
}

bool
ca_sim_server_run(struct ca_sim_server *p)
{
	loop(p);
	return !p->failed;
}
