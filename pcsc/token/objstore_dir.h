/* What the objstore*.c files share; nobody else includes this. */
#ifndef CA_TOKEN_OBJSTORE_DIR_H
#define CA_TOKEN_OBJSTORE_DIR_H

#include <stddef.h>
#include <sys/stat.h>

#include "pcsc/token/objstore.h"

#define CA_OBJ_SUFFIX ".p11"
#define CA_OBJ_FILE (CA_OBJ_NAME + 4)

struct ca_obj_stamp ca_obj_stamp_of(const struct stat *st);

/* How many objects lie in an open folder. */
size_t ca_obj_count(int dir);

#endif
