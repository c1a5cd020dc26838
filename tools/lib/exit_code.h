/* How the programs end; in every manual page. */
#ifndef CA_TOOL_EXIT_CODE_H
#define CA_TOOL_EXIT_CODE_H

enum ca_exit {
	CA_EXIT_OK = 0,
	CA_EXIT_FAILED = 1,    /* it could not be done */
	CA_EXIT_USAGE = 2,     /* the command line is wrong */
	CA_EXIT_NO_TOKEN = 3,  /* no module, no service, or not that token */
	CA_EXIT_PIN = 4,       /* the PIN or PUK was wrong */
	CA_EXIT_LOCKED = 5,    /* it is locked, or has one try left */
	CA_EXIT_CANNOT = 6,    /* this token or this program cannot */
	CA_EXIT_ATTENTION = 7, /* done, and something wants attention */
	CA_EXIT_INPUT = 8, /* a file or a value that was given is not usable */
	CA_EXIT_CANCELLED = 130,
};

#endif
