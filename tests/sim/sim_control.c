#include "tests/sim/sim_control.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool
address(const char *path, struct sockaddr_un *a)
{
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(a->sun_path))
		return false;
	memcpy(a->sun_path, path, strlen(path) + 1);
	return true;
}

ca_err
ca_sim_control_open(struct ca_sim_control *c, const char *path)
{
	struct sockaddr_un a;

	c->fd = -1;
	c->path[0] = '\0';
	for (size_t i = 0; i < CA_SIM_CLIENTS; i++)
		c->clients[i].fd = -1;
	if (path == NULL)
		return CA_OK;
	if (!address(path, &a))
		return CA_E_DATA;
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return CA_E_IO;
	(void)unlink(path);
	if (bind(c->fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    listen(c->fd, CA_SIM_CLIENTS) != 0) {
		close(c->fd);
		c->fd = -1;
		return CA_E_IO;
	}
	(void)snprintf(c->path, sizeof(c->path), "%s", path);
	return CA_OK;
}

void
ca_sim_control_close(struct ca_sim_control *c)
{
	for (size_t i = 0; i < CA_SIM_CLIENTS; i++)
		if (c->clients[i].fd >= 0)
			close(c->clients[i].fd);
	if (c->fd >= 0)
		close(c->fd);
	if (c->path[0] != '\0')
		(void)unlink(c->path);
	c->fd = -1;
}

size_t
ca_sim_control_poll(const struct ca_sim_control *c, struct pollfd *p)
{
	size_t n = 0;

	if (c->fd < 0)
		return 0;
	p[n++] = (struct pollfd){.fd = c->fd, .events = POLLIN};
	for (size_t i = 0; i < CA_SIM_CLIENTS; i++)
		if (c->clients[i].fd >= 0)
			p[n++] = (struct pollfd){
			    .fd = c->clients[i].fd, .events = POLLIN};
	return n;
}

static void
accept_one(struct ca_sim_control *c)
{
	int fd = accept(c->fd, NULL, NULL);

	for (size_t i = 0; fd >= 0 && i < CA_SIM_CLIENTS; i++)
		if (c->clients[i].fd < 0) {
			c->clients[i].fd = fd;
			c->clients[i].n = 0;
			return;
		}
	if (fd >= 0)
		close(fd);
}

static bool
say(int fd, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t k = send(fd, text, n, MSG_NOSIGNAL);

		if (k <= 0)
			return false;
		text += k;
		n -= (size_t)k;
	}
	return true;
}

/* Answers every complete line a client has sent; false ends the client. */
static bool
talk(struct ca_sim_control *c, size_t i, ca_sim_answer answer, void *arg)
{
	char *line = c->clients[i].line;
	size_t room = CA_SIM_LINE - 1 - c->clients[i].n;
	ssize_t n = recv(c->clients[i].fd, line + c->clients[i].n, room, 0);
	char out[CA_SIM_LINE];
	char *end;

	if (n <= 0)
		return false;
	c->clients[i].n += (size_t)n;
	line[c->clients[i].n] = '\0';
	while ((end = strchr(line, '\n')) != NULL) {
		size_t used = (size_t)(end + 1 - line);

		*end = '\0';
		answer(arg, line, out, sizeof(out) - 1);
		strcat(out, "\n");
		if (!say(c->clients[i].fd, out))
			return false;
		c->clients[i].n -= used;
		memmove(line, line + used, c->clients[i].n + 1);
	}
	return c->clients[i].n < CA_SIM_LINE - 1;
}

void
ca_sim_control_serve(struct ca_sim_control *c, const struct pollfd *p, size_t n,
    ca_sim_answer answer, void *arg)
{
	for (size_t k = 0; k < n; k++) {
		if (p[k].revents == 0)
			continue;
		if (p[k].fd == c->fd) {
			accept_one(c);
			continue;
		}
		for (size_t i = 0; i < CA_SIM_CLIENTS; i++)
			if (c->clients[i].fd == p[k].fd &&
			    !talk(c, i, answer, arg)) {
				close(c->clients[i].fd);
				c->clients[i].fd = -1;
			}
	}
}

ca_err
ca_sim_control_ask(const char *path, const char *line, char *out, size_t cap)
{
	struct sockaddr_un a;
	size_t n = 0;
	ssize_t k;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || !address(path, &a) ||
	    connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		if (fd >= 0)
			close(fd);
		return CA_E_NO_SERVICE;
	}
	if (say(fd, line) && say(fd, "\n"))
		while (n + 1 < cap && (n == 0 || out[n - 1] != '\n') &&
		       (k = recv(fd, out + n, cap - 1 - n, 0)) > 0)
			n += (size_t)k;
	close(fd);
	if (n == 0 || out[n - 1] != '\n')
		return CA_E_IO;
	out[n - 1] = '\0';
	return CA_OK;
}
