/* See the header. */
#include "pcsc/card/uicc.h"

#include <string.h>

#include "pcsc/base/tlv.h"

static const uint8_t pkcs15[] = {
    0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35};
static const uint8_t wim[] = {
    0xA0, 0x00, 0x00, 0x00, 0x63, 0x57, 0x41, 0x50, 0x2D, 0x57, 0x49, 0x4D};
/* ISO/IEC 7816-15, in front of the application that it describes. */
static const uint8_t iso15[] = {0xE8, 0x28, 0xBD, 0x08, 0x0F};

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

static enum ca_uicc_app
kind_of(struct ca_rd aid)
{
	if (begins(aid, pkcs15, sizeof(pkcs15)) ||
	    begins(aid, iso15, sizeof(iso15)))
		return CA_UICC_PKCS15;
	return begins(aid, wim, sizeof(wim)) ? CA_UICC_WIM : CA_UICC_OTHER;
}

void
ca_uicc_dir_record(struct ca_rd record, struct ca_uicc_entry *out)
{
	struct ca_rd app, v;

	memset(out, 0, sizeof(*out));
	if (!ca_tlv_expect(&record, 0x61, &app) ||
	    !ca_tlv_find(app, 0x4F, &v) ||
	    !ca_rd_copy(v, out->aid, sizeof(out->aid), &out->aid_n))
		return;
	out->kind = kind_of(v);
	if (ca_tlv_find(app, 0x51, &v) &&
	    !ca_rd_copy(v, out->path, sizeof(out->path), &out->path_n))
		out->path_n = 0;
}

void
ca_uicc_name(enum ca_uicc_app kind, struct ca_uicc_entry *out)
{
	const uint8_t *aid = kind == CA_UICC_WIM ? wim : pkcs15;

	memset(out, 0, sizeof(*out));
	out->kind = kind;
	out->aid_n = sizeof(wim);
	memcpy(out->aid, aid, sizeof(wim));
}

bool
ca_uicc_same_app(struct ca_rd fcp_file, struct ca_rd aid)
{
	struct ca_rd fcp, v;

	return fcp_of(fcp_file, &fcp) && ca_tlv_find(fcp, 0x84, &v) &&
	       (begins(v, aid.p, aid.n) ||
		   (v.n >= sizeof(pkcs15) && begins(aid, v.p, v.n)));
}

/* Is the path from the MF, without the 3F00, the application's? */
static bool
is_app(struct ca_rd fcp_file, const struct ca_uicc_entry *app,
    struct ca_rd path)
{
	static const uint8_t root[] = {0x50, 0x15}, adf[] = {0x7F, 0xFF};
	struct ca_rd own = ca_rd_of(app->path, app->path_n), mf, fcp, v;

	if (path.n == 0 || ca_rd_equal(path, ca_rd_of(root, sizeof(root))) ||
	    ca_rd_equal(path, ca_rd_of(adf, sizeof(adf))))
		return true;
	if (ca_rd_take(&own, 2, &mf) && own.n > 0 && ca_rd_equal(own, path))
		return true;
	return fcp_of(fcp_file, &fcp) && ca_tlv_find(fcp, 0x83, &v) &&
	       ca_rd_equal(v, path);
}

bool
ca_uicc_below(struct ca_rd fcp_file, const struct ca_uicc_entry *app,
    struct ca_rd path, struct ca_wr *out)
{
	static const uint8_t mf[] = {0x3F, 0x00}, root[] = {0x50, 0x15};
	static const uint8_t adf[] = {0x7F, 0xFF};
	bool absolute = begins(path, mf, sizeof(mf));

	*out = ca_wr_of(out->p, out->cap);
	if (absolute && !ca_rd_skip(&path, sizeof(mf)))
		return false;
	if ((absolute || path.n == 0) && is_app(fcp_file, app, path)) {
		ca_wr_mem(out, adf, sizeof(adf));
		return false;
	}
	if (absolute && begins(path, root, sizeof(root)) &&
	    ca_rd_skip(&path, sizeof(root)))
		absolute = false;
	if (!absolute)
		ca_wr_mem(out, adf, sizeof(adf));
	ca_wr_bytes(out, path);
	return true;
}

void
ca_uicc_bcd(struct ca_rd file, char *out, size_t cap)
{
	size_t n = 0;
	uint8_t b;

	while (ca_rd_u8(&file, &b) && n + 2 < cap) {
		out[n++] = (char)('0' + (b & 0x0F));
		out[n++] = (char)('0' + (b >> 4));
	}
	out[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if (out[i] > '9')
			out[i] = '\0';
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
