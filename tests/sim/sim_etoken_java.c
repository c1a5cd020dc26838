/*
 * The older SafeNet eToken (5110 without CC, PRO 72K Java): nothing of its
 * commands is public.
 */
#include "tests/sim/sim_mute.h"

static const uint8_t atr_5110[] = {0x3B, 0xD5, 0x18, 0x00, 0x81, 0x31, 0xFE,
    0x7D, 0x80, 0x73, 0xC8, 0x21, 0x10, 0xF4};
static const uint8_t atr_72k[] = {0x3B, 0xD5, 0x18, 0x00, 0x81, 0x31, 0x3A,
    0x7D, 0x80, 0x73, 0xC8, 0x21, 0x10, 0x30};

static const struct ca_sim_mute models[] = {
    {"", {atr_5110, sizeof(atr_5110)}},
    {"72k", {atr_72k, sizeof(atr_72k)}},
};

static ca_err
build(struct ca_sim *s)
{
	return ca_sim_mute_build(s, models, CA_COUNT(models));
}

const struct ca_sim_type ca_sim_etoken_java = {
    .name = "etoken-java",
    .about = "older SafeNet eToken, known by its ATR alone",
    .defaults = ca_sim_mute_defaults,
    .build = build,
    .cla = ca_sim_mute_cla,
    .enter = ca_sim_mute_enter,
};
