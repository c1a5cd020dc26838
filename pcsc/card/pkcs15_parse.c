/* See the header; single entries: pkcs15_entry.c. */
#include "pcsc/card/pkcs15_parse.h"

#include <string.h>

#include "pcsc/base/log.h"
#include "pcsc/base/tlv.h"
#include "pcsc/card/pkcs15_entry.h"

#define ROOM "pkcs15"

ca_err
ca_p15_parse_path(struct ca_rd body, struct ca_ref *out)
{
	struct ca_ref ref = {0};
	struct ca_rd v;
	uint32_t index, length;

	if (!ca_tlv_expect(&body, 0x04, &v))
		return body.n == 0 ? (*out = ref, CA_OK) : CA_E_MALFORMED;
	if (v.n % 2 != 0 ||
	    !ca_rd_copy(v, ref.path, sizeof(ref.path), &ref.path_n))
		return CA_E_MALFORMED;
	if (ca_tlv_expect(&body, 0x02, &v)) {
		if (!ca_der_uint(v, CA_BUF_MAX, &index) ||
		    !ca_tlv_expect(&body, 0x80, &v) ||
		    !ca_der_uint(v, CA_BUF_MAX, &length))
			return CA_E_MALFORMED;
		ref.ranged = true;
		ref.index = index;
		ref.length = length;
	}
	*out = ref;
	return CA_OK;
}

ca_err
ca_p15_parse_dir(enum ca_p15_kind kind, struct ca_rd file, struct ca_model *io)
{
	const char *name = ca_p15_kind_name(kind);

	if (name == NULL)
		return CA_OK; /* secret keys: nothing to show */
	for (int i = 0; i < CA_P15_ENTRIES_MAX; i++) {
		struct ca_rd body;
		uint32_t tag;

		ca_tlv_skip_padding(&file);
		if (file.n == 0)
			return CA_OK;
		if (!ca_tlv_next(&file, &tag, &body)) {
			ca_log(CA_LOG_WARN, ROOM,
			    "%s: %zu bytes at the end are no object", name,
			    file.n);
			return CA_OK;
		}
		if (!ca_p15_parse_entry(kind, tag, body, io))
			ca_log(CA_LOG_WARN, ROOM, "%s: entry %d skipped", name,
			    i);
	}
	ca_log(CA_LOG_WARN, ROOM, "%s: only the first %d entries are read",
	    name, CA_P15_ENTRIES_MAX);
	return CA_OK;
}

ca_err
ca_p15_parse_odf(struct ca_rd file, struct ca_p15_odf *out,
    struct ca_model *inline_to)
{
	bool any = false;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < CA_P15_ENTRIES_MAX; i++) {
		struct ca_rd body, v, objects = {0};
		struct ca_ref ref;
		uint32_t tag;

		ca_tlv_skip_padding(&file);
		if (!ca_tlv_next(&file, &tag, &body))
			break;
		if (tag < CA_P15_PRKDF || tag > CA_P15_AODF)
			continue;
		if (ca_tlv_expect(&body, 0xA0, &objects)) {
			(void)ca_p15_parse_dir((enum ca_p15_kind)tag, objects,
			    inline_to);
			any = true;
			continue;
		}
		if (!ca_tlv_expect(&body, 0x30, &v) ||
		    ca_p15_parse_path(v, &ref) != CA_OK || ref.path_n == 0) {
			ca_log(CA_LOG_WARN, ROOM, "ODF: entry %d skipped", i);
			continue;
		}
		any = true;
		if (out->n == CA_P15_DIRS_MAX)
			continue;
		out->dirs[out->n].kind = (enum ca_p15_kind)tag;
		out->dirs[out->n++].ref = ref;
	}
	return any ? CA_OK : CA_E_MALFORMED;
}
