/* What must hold of a model, whatever the card said. */
#ifndef CA_FUZZ_MODEL_H
#define CA_FUZZ_MODEL_H

#include "pcsc/card/model.h"

void fuzz_model(const struct ca_model *m);
void fuzz_ref(const struct ca_ref *ref);

#endif
