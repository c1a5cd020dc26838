/* See the header. */
#include "pcsc/card/uicc.h"

#include "pcsc/base/tlv.h"

static const uint8_t pkcs15[] = {
    0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35};
static const uint8_t wim[] = {
    0xA0, 0x00, 0x00, 0x00, 0x63, 0x57, 0x41, 0x50, 0x2D, 0x57, 0x49, 0x4D};

/* The content of 62. */
static bool
fcp_of(struct ca_rd file, struct ca_rd *fcp)
{
	return ca_tlv_expect(&file, 0x62, fcp);
}

bool
ca_uicc_records(struct ca_rd fcp_file, size_t *length, size_t *count)
{
	struct ca_rd fcp, v;
	uint8_t descriptor, coding, n;
	uint16_t len;

	if (!fcp_of(fcp_file, &fcp) || !ca_tlv_find(fcp, 0x82, &v) ||
	    !ca_rd_u8(&v, &descriptor) || !ca_rd_u8(&v, &coding) ||
	    !ca_rd_u16(&v, &len) || !ca_rd_u8(&v, &n))
		return false;
	/* 42: shareable, linear fixed. A record of no bytes would loop. */
	if ((descriptor & 0x07) != 0x02 || len == 0 || len > 255 || n == 0)
		return false;
	*length = len;
	*count = n;
	return true;
}

static bool
begins(struct ca_rd aid, const uint8_t *with, size_t n)
{
	struct ca_rd head;

	return ca_rd_take(&aid, n, &head) &&
	       ca_rd_equal(head, ca_rd_of(with, n));
}

enum ca_uicc_app
ca_uicc_dir_record(struct ca_rd record, uint8_t *aid, size_t *aid_n)
{
	struct ca_rd app, v;

	if (!ca_tlv_expect(&record, 0x61, &app) ||
	    !ca_tlv_find(app, 0x4F, &v) ||
	    !ca_rd_copy(v, aid, CA_UICC_AID_MAX, aid_n))
		return CA_UICC_OTHER;
	if (begins(v, pkcs15, sizeof(pkcs15)))
		return CA_UICC_PKCS15;
	return begins(v, wim, sizeof(wim)) ? CA_UICC_WIM : CA_UICC_OTHER;
}

enum ca_uicc_pin
ca_uicc_pin_status(struct ca_rd fcp_file, uint8_t reference)
{
	struct ca_rd fcp, ps, r, v;
	uint32_t tag, ref;
	unsigned at = 0;

	if (!fcp_of(fcp_file, &fcp) || !ca_tlv_find(fcp, 0xC6, &ps) ||
	    !ca_tlv_find(ps, 0x90, &v))
		return CA_UICC_PIN_UNKNOWN;
	/* The n-th key reference has the n-th bit of the bitmap, bit 8 of its
	 * first byte being the first. */
	for (r = ps; ca_tlv_next(&r, &tag, &ps);) {
		if (tag != 0x83)
			continue;
		if (ca_der_uint(ps, 255, &ref) && ref == reference) {
			if (at / 8 >= v.n)
				return CA_UICC_PIN_UNKNOWN;
			return (v.p[at / 8] & (0x80u >> at % 8)) != 0
				   ? CA_UICC_PIN_ENABLED
				   : CA_UICC_PIN_DISABLED;
		}
		at++;
	}
	return CA_UICC_PIN_UNKNOWN;
}
