/* The groups of cases; each lives in the file t_NAME.c. */
#ifndef CF_GROUPS_H
#define CF_GROUPS_H

#include "tests/conformance/cf.h"

const struct cf_case *cf_group_aes(size_t *n);
const struct cf_case *cf_group_aes_param(size_t *n);
const struct cf_case *cf_group_attack(size_t *n);
const struct cf_case *cf_group_attr(size_t *n);
const struct cf_case *cf_group_attr_of(size_t *n);
const struct cf_case *cf_group_auth(size_t *n);
const struct cf_case *cf_group_consent(size_t *n);
const struct cf_case *cf_group_created(size_t *n);
const struct cf_case *cf_group_crypt(size_t *n);
const struct cf_case *cf_group_des3(size_t *n);
const struct cf_case *cf_group_cms_ec(size_t *n);
const struct cf_case *cf_group_derive(size_t *n);
const struct cf_case *cf_group_digest(size_t *n);
const struct cf_case *cf_group_dual(size_t *n);
const struct cf_case *cf_group_state(size_t *n);
const struct cf_case *cf_group_recover(size_t *n);
const struct cf_case *cf_group_message(size_t *n);
const struct cf_case *cf_group_message_iv(size_t *n);
const struct cf_case *cf_group_message_sign(size_t *n);
const struct cf_case *cf_group_message_verify(size_t *n);
const struct cf_case *cf_group_message_ccm(size_t *n);
const struct cf_case *cf_group_every(size_t *n);
const struct cf_case *cf_group_event(size_t *n);
const struct cf_case *cf_group_find(size_t *n);
const struct cf_case *cf_group_fork(size_t *n);
const struct cf_case *cf_group_fork_thread(size_t *n);
const struct cf_case *cf_group_general(size_t *n);
const struct cf_case *cf_group_generate(size_t *n);
const struct cf_case *cf_group_hmac(size_t *n);
const struct cf_case *cf_group_interface(size_t *n);
const struct cf_case *cf_group_kat(size_t *n);
const struct cf_case *cf_group_kdf(size_t *n);
const struct cf_case *cf_group_kdf_secret(size_t *n);
const struct cf_case *cf_group_sp800(size_t *n);
const struct cf_case *cf_group_pbkd2(size_t *n);
const struct cf_case *cf_group_kem(size_t *n);
const struct cf_case *cf_group_kem_refuse(size_t *n);
const struct cf_case *cf_group_keys(size_t *n);
const struct cf_case *cf_group_login(size_t *n);
const struct cf_case *cf_group_officer(size_t *n);
const struct cf_case *cf_group_made(size_t *n);
const struct cf_case *cf_group_made_life(size_t *n);
const struct cf_case *cf_group_mech(size_t *n);
const struct cf_case *cf_group_memory(size_t *n);
const struct cf_case *cf_group_object(size_t *n);
const struct cf_case *cf_group_meta(size_t *n);
const struct cf_case *cf_group_own(size_t *n);
const struct cf_case *cf_group_op(size_t *n);
const struct cf_case *cf_group_pairs(size_t *n);
const struct cf_case *cf_group_pair_use(size_t *n);
const struct cf_case *cf_group_pair_token(size_t *n);
const struct cf_case *cf_group_profile(size_t *n);
const struct cf_case *cf_group_profile_case(size_t *n);
const struct cf_case *cf_group_session(size_t *n);
const struct cf_case *cf_group_slot(size_t *n);
const struct cf_case *cf_group_mechinfo(size_t *n);
const struct cf_case *cf_group_stored(size_t *n);
const struct cf_case *cf_group_stored_elsewhere(size_t *n);
const struct cf_case *cf_group_thread(size_t *n);
const struct cf_case *cf_group_three(size_t *n);
const struct cf_case *cf_group_v32(size_t *n);
const struct cf_case *cf_group_two_call(size_t *n);
const struct cf_case *cf_group_rsa_parts(size_t *n);
const struct cf_case *cf_group_refuse(size_t *n);
const struct cf_case *cf_group_unwrap(size_t *n);
const struct cf_case *cf_group_unwrap_des3(size_t *n);
const struct cf_case *cf_group_wrap(size_t *n);
const struct cf_case *cf_group_wrap32(size_t *n);
const struct cf_case *cf_group_wrap_ccm(size_t *n);
const struct cf_case *cf_group_wrap_private(size_t *n);

#endif
