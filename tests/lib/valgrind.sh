# shellcheck shell=bash
# shellcheck disable=SC2034 # read by whoever sources this
# How valgrind is called: any error, and any block that nothing points to any
# more, ends the program with status 99. "Possibly lost" is left out: glibc's
# stacks of ended threads are always in it.
ca_valgrind=(valgrind --quiet --error-exitcode=99 --leak-check=full
	"--errors-for-leak-kinds=definite,indirect"
	"--show-leak-kinds=definite,indirect" --num-callers=20
	"--suppressions=$CA_ROOT/tests/lib/valgrind.supp")
# The carry-less multiplication of OpenSSL 3.0 for GHASH leaves bits that valgrind
# takes for undefined, though the tag is right: a GMAC over whole blocks, in a
# program of twenty lines. Without it OpenSSL takes its own tables.
export OPENSSL_ia32cap=~0x200000000
