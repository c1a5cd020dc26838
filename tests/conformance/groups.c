/* All groups of cases, in the order they run. */
#include "tests/conformance/groups.h"

const struct cf_group cf_groups[] = {
    {cf_group_general},
    {cf_group_interface},
    {cf_group_slot},
    {cf_group_mechinfo},
    {cf_group_session},
    {cf_group_login},
    {cf_group_officer},
    {cf_group_consent},
    {cf_group_op},
    {cf_group_find},
    {cf_group_attr},
    {cf_group_attr_of},
    {cf_group_mech},
    {cf_group_refuse},
    {cf_group_crypt},
    {cf_group_digest},
    {cf_group_object},
    {cf_group_made},
    {cf_group_made_life},
    {cf_group_keys},
    {cf_group_derive},
    {cf_group_three},
    {cf_group_event},
    {cf_group_thread},
    {cf_group_fork},
    {cf_group_profile},
    {cf_group_every},
};
const size_t cf_groups_n = CF_COUNT(cf_groups);
