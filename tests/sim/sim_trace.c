/* The trace file. Data of PIN commands is never written. */
#include "tests/sim/sim_card.h"

static bool
secret(uint8_t ins)
{
	/* E3, E5, F4 install and change PINs on cards by Feitian. */
	return ins == 0x20 || ins == 0x24 || ins == 0x2C || ins == 0xE3 ||
	       ins == 0xE5 || ins == 0xF4;
}

void
ca_sim_trace_cmd(FILE *f, struct ca_rd cmd)
{
	if (f == NULL)
		return;
	fputc('>', f);
	for (size_t i = 0; i < cmd.n; i++) {
		/* Header and Lc are no secret; behind them stands the PIN. */
		if (i >= 5 && secret(cmd.p[1]))
			fputs(" **", f);
		else
			fprintf(f, " %02X", cmd.p[i]);
	}
	fputc('\n', f);
}

void
ca_sim_trace_resp(FILE *f, struct ca_rd resp)
{
	if (f == NULL)
		return;
	fputc('<', f);
	for (size_t i = 0; i < resp.n; i++)
		fprintf(f, " %02X", resp.p[i]);
	fputc('\n', f);
}

void
ca_sim_trace_note(FILE *f, const char *text)
{
	if (f != NULL)
		fprintf(f, "# %s\n", text);
}
