/* See the header. */
#include "pcsc/base/remote.h"

size_t
ca_remote_size(int scheme)
{
	switch (scheme) {
	case CA_REMOTE_PUK_3DES:
	case CA_REMOTE_3DES:
		return 8;
	case CA_REMOTE_AES:
		return 16;
	default:
		return 0;
	}
}
