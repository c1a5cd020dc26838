/*
 * Key pairs and files made on the iso7816-15 card. The commands, and how the
 * answers begin, are those of IsoApplet 0.6 while OpenSC 0.23 generated an RSA
 * and a P-256 key on it.
 */
#include <string.h>

#include "tests/sim/t.h"

#define APP "00A4080C025015"
#define PIN "002000011031323334353637380000000000000000"
#define MSE_RSA "0022410006 8001F3 84010"
#define MSE_EC "0022410006 8001EC 84010"
#define P "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"
#define A "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC"
#define B "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"
#define G                                                                      \
	"046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"   \
	"4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
#define N "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
#define CURVE "8120" P "8220" A "8320" B "8441" G "8520" N "87020001"
#define GENERATE_P256 "00460000CF" CURVE "00"
#define CREATE "00E0000017 6F15 8102005B 820101 83023301 8608FF90FFFFFFFF9000"

static void
recorded(void)
{
	static const struct t_step steps[] = {
	    {APP, 0x9000, NULL},
	    {PIN, 0x9000, NULL},
	    {MSE_RSA "0", 0x9000, NULL},
	    {"0046420000", 0x610E, "7F49820109 81820100"},
	    {"00C000000E", 0x9000, NULL},
	    {MSE_EC "1", 0x9000, NULL},
	    {GENERATE_P256, 0x6117, "7F49820112 8120" P "8220" A},
	    {"00C0000017", 0x9000, NULL},
	    {APP, 0x9000, NULL},
	    {CREATE, 0x9000, NULL},
	    {"00A4080004 50153301 00", 0x9000, NULL},
	    {"00D600000130", 0x9000, NULL},
	    {"00B0000002", 0x9000, "3000"},
	};
	struct ca_sim *s = t_card("iso7816-15", "generate=yes");

	T_RUN(s, steps);
	ca_sim_free(s);
}

static void
refused(void)
{
	static const struct t_step steps[] = {
	    {APP, 0x9000, NULL}, {MSE_RSA "0", 0x9000, NULL},
	    {"0046420000", 0x6982, NULL}, /* no PIN */
	    {CREATE, 0x6982, NULL}, {PIN, 0x9000, NULL},
	    {"0046000000", 0x6A86, NULL}, /* the form for a curve */
	    {"0022410006 800111 840100", 0x6A80, NULL},
	    {"0022410006 8001F3 840110", 0x6A80, NULL}, /* above 0F */
	    {MSE_EC "1", 0x9000, NULL},
	    {"0046000004 8102000100", 0x6A81, NULL}, /* no such curve */
	    {CREATE, 0x9000, NULL}, {APP, 0x9000, NULL},
	    {CREATE, 0x6A89, NULL}, /* it exists */
	};
	static const struct t_step other[] = {
	    {APP, 0x9000, NULL},
	    {PIN, 0x9000, NULL},
	    {MSE_RSA "0", 0x6A86, NULL},
	    {"0046420000", 0x6D00, NULL},
	    {CREATE, 0x6D00, NULL},
	};
	struct ca_sim *s = t_card("iso7816-15", "generate=yes");

	T_RUN(s, steps);
	ca_sim_free(s);
	s = t_card("iso7816-15", "");
	T_RUN(s, other);
	ca_sim_free(s);
}

/* A key takes the place of the one before it with its reference. */
static void
takes_the_place(void)
{
	static const struct t_step before[] = {
	    {APP, 0x9000, NULL},
	    {PIN, 0x9000, NULL},
	    {MSE_EC "1", 0x9000, NULL},
	    {GENERATE_P256, 0x6117, NULL},
	    {"00C0000017", 0x9000, NULL},
	};
	static const struct t_step after[] = {
	    {APP, 0x9000, NULL},
	    {"002241B606 800122 840101", 0x9000, NULL},
	    {"002A9E9A20 000102030405060708090A0B0C0D0E0F"
	     "101112131415161718191A1B1C1D1E1F 00",
		0x9000, "30"},
	};
	struct ca_sim *s = t_card("iso7816-15", "generate=yes key=rsa1024");

	T_RUN(s, before);
	T_RUN(s, after);
	ca_sim_free(s);
}

CU_TestInfo t_iso_make[] = {
    {"recorded", recorded},
    {"refused", refused},
    {"takes_the_place", takes_the_place},
    CU_TEST_INFO_NULL,
};
