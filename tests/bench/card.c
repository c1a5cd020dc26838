#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <winscard.h>

#include "tests/bench/bench.h"

uint64_t
card_commands(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	char line[512] = "";
	const char *at;
	FILE *f;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(a.sun_path))
		fail(path, "no socket");
	memcpy(a.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		fail(path, "nobody answers");
	f = fdopen(fd, "r+e");
	if (f == NULL || fputs("counters\n", f) < 0 || fflush(f) != 0 ||
	    fgets(line, sizeof(line), f) == NULL)
		fail(path, "no answer to counters");
	fclose(f);
	at = strstr(line, "apdus=");
	if (at == NULL)
		fail("counters", line);
	return strtoull(at + strlen("apdus="), NULL, 10);
}

static void
must(const char *call, LONG rv)
{
	if (rv != SCARD_S_SUCCESS)
		fail(call, pcsc_stringify_error(rv));
}

static void
transmit(SCARDHANDLE card, const BYTE *command, DWORD n)
{
	BYTE answer[300];
	DWORD got = sizeof(answer);

	must("SCardTransmit",
	    SCardTransmit(card, SCARD_PCI_T1, command, n, NULL, answer, &got));
	if (got < 2 || answer[got - 2] != 0x90 || answer[got - 1] != 0x00)
		fail("SCardTransmit", "the card refused");
}

/* The two commands of the signature of a vgca-chipdoc card: its key reference
 * is 81, its algorithm 8A takes a DigestInfo. */
static void
sign_once(SCARDHANDLE card)
{
	static const BYTE mse[] = {
	    0x00, 0x22, 0x41, 0xB6, 0x06, 0x80, 0x01, 0x8A, 0x84, 0x01, 0x81};
	static const BYTE pso[5 + 51 + 1] = {0x00, 0x2A, 0x9E, 0x9A, 0x33, 0x30,
	    0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
	    0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

	must("SCardBeginTransaction", SCardBeginTransaction(card));
	transmit(card, mse, sizeof(mse));
	transmit(card, pso, sizeof(pso));
	must("SCardEndTransaction",
	    SCardEndTransaction(card, SCARD_LEAVE_CARD));
}

uint64_t
card_sign_ns(size_t rounds)
{
	static const char reader[] = "Virtual PCD 00 00";
	uint64_t times[256];
	SCARDCONTEXT context;
	SCARDHANDLE card;
	DWORD protocol;

	if (rounds == 0 || rounds > sizeof(times) / sizeof(times[0]))
		fail("card_sign_ns", "bad number of rounds");
	must("SCardEstablishContext",
	    SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context));
	must("SCardConnect", SCardConnect(context, reader, SCARD_SHARE_SHARED,
				 SCARD_PROTOCOL_T1, &card, &protocol));
	for (size_t i = 0; i < rounds; i++) {
		uint64_t start = now_ns();

		sign_once(card);
		times[i] = now_ns() - start;
	}
	must("SCardDisconnect", SCardDisconnect(card, SCARD_LEAVE_CARD));
	must("SCardReleaseContext", SCardReleaseContext(context));
	return median(times, rounds);
}
