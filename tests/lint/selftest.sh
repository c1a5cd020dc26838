#!/bin/bash
# A check that cannot fail checks nothing: gives every lint check a small tree
# with the fault it looks for, and the same tree without.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/check.sh
. "$here/../lib/check.sh"
check_prefix=selftest/
t=$(mktemp -d "${TMPDIR:-/tmp}/capkcs11-lint.XXXXXX")
trap 'rm -rf "$t"' EXIT

# fresh: an empty tree.
fresh() {
	rm -rf "$t/tree"
	mkdir -p "$t/tree"/{pcsc/base,pcsc/card,pcsc/conf,module/core,conf,tests/sim,tools/lib,po}
	cp "$here/../../.clang-format" "$t/tree/"
}

# put FILE LINE...
put() {
	local file=$t/tree/$1
	shift
	printf '%s\n' "$@" >"$file"
}

# expect good|bad NAME CHECK [ARGUMENT]...
expect() {
	local wanted=$1 name=$2 script=$3
	shift 3
	bash "$here/$script.sh" "$t/tree" "$@" >"$t/out" 2>&1
	sed 's/^/  | /' "$t/out"
	if grep -q '^skip ' "$t/out"; then
		skip "$name" 'the check itself was skipped'
	elif grep -q '^not ok ' "$t/out"; then
		check_equal "$name" "$wanted" bad
	elif grep -q '^ok ' "$t/out"; then
		check_equal "$name" "$wanted" good
	else
		not_ok "$name" 'the check said nothing'
	fi
}

# include_case WANTED NAME FILE LINE
include_case() {
	fresh
	put "$3" "$4"
	expect "$1" "includes-$2" includes
}
include_case good down module/core/a.c '#include "pcsc/token/token.h"'
include_case good libc pcsc/base/a.c '#include <string.h>'
include_case bad upward pcsc/card/a.c '#include "module/core/slot.h"'
include_case bad sideways pcsc/base/a.h '#include "pcsc/card/model.h"'
include_case bad skipped module/core/a.c '#include "pcsc/apdu/apdu.h"'
include_case bad pkcs11 pcsc/card/a.c '#include <p11-kit/pkcs11.h>'
include_case bad winscard module/core/a.c '#include <winscard.h>'
include_case bad openssl pcsc/card/a.c '  # include <openssl/evp.h>'
include_case bad stranger pcsc/base/a.c '#include <curl/curl.h>'
include_case bad simulator tests/sim/a.c '#include "pcsc/card/iso7816.h"'
include_case bad shared tools/lib/a.c '#include "pcsc/token/token.h"'
include_case bad relative pcsc/card/a.c '#include "model.h"'
include_case good tool tools/lib/a.c '#include <libintl.h>'
include_case bad tool-card tools/lib/a.c '#include "pcsc/card/model.h"'
fresh
expect bad includes-nothing includes
put pcsc/base/a.c '#include <string.h>'
put tools/a.c '#include <p11-kit/pkcs11.h>' '#include "pcsc/token/token.h"'
expect bad includes-tools includes

fresh
put pcsc/base/a.h '#ifndef A_H' '#define A_H' '#include <stddef.h>' \
	'size_t a(void);' '#endif'
expect good headers headers
put pcsc/base/a.h '#ifndef A_H' '#define A_H' 'size_t a(void);' '#endif'
expect bad headers-incomplete headers
put pcsc/base/a.h 'struct a {' '	int b;' '};'
expect bad headers-unguarded headers

fresh
put pcsc/base/a.c 'int a;'
expect good format format
put pcsc/base/a.c 'int   a ;'
expect bad format-spaces format

fresh
put tests/a.sh '#!/bin/bash' "echo 'a'"
expect good shell shell
put tests/a.sh '#!/bin/bash' 'if true; then'
expect bad shell-syntax shell
# shellcheck disable=SC2016 # the fault is meant
put tests/a.sh '#!/bin/bash' 'rm $1'
expect bad shell-quotes shell

fresh
put conf/a.conf 'mail = someone@example.vn' 'path = /etc/capkcs11'
expect good words words
put conf/a.conf 'path = /home/somebody/x'
expect bad words-path words
put conf/a.conf 'TO''DO: later'
expect bad words-unfinished words
put conf/a.conf 'someone@mail.test'
expect bad words-mail words
put conf/a.conf 'a = b'
put conf/a.o ''
expect bad words-generated words

fresh
put pcsc/conf/config.h 'struct ca_config {' '	bool cache; /* x */' \
	'	char log_file[CA_CONF_PATH];' '};'
put conf/capkcs11.conf '# cache = yes' '#log_file ='
expect good config-keys config-keys
put conf/capkcs11.conf '# cache = yes'
expect bad config-keys-undocumented config-keys
put conf/capkcs11.conf '# cache = yes' '#log_file =' '#colour = red'
expect bad config-keys-unknown config-keys

# readme_case WANTED NAME ENGLISH VIETNAMESE
readme_case() {
	fresh
	mkdir -p "$t/tree/conf/cards"
	put conf/cards/one.conf '[profile]'
	put README.md "$3"
	put README.vi.md "$4"
	put CONTRIBUTING.md 'See tests/.'
	expect "$1" "$2" readme
}
# shellcheck disable=SC2016 # Markdown, not commands
{
	readme_case good readme '| `one` | x |' '| `one` | y |'
	readme_case bad readme-languages '| `one` | x |' '| `two` | y |'
	readme_case bad readme-family '| `two` | x |' '| `two` | y |'
	readme_case bad readme-paths '| `one` | tests/none |' '| `one` | y |'
}

fresh
put pcsc/base/a.c 'int a(unsigned b);' 'int a(unsigned b)' '{' \
	'	return (int)b;' '}'
expect good warnings warnings
put pcsc/base/a.c 'int a(unsigned b);' 'int a(unsigned b)' '{' '	return b;' '}'
expect bad warnings-conversion warnings

# library NAME...: a shared library with these functions.
library() {
	local f
	for f in "$@"; do
		printf 'void %s(void);\nvoid %s(void) {}\n' "$f" "$f"
	done >"$t/lib.c"
	gcc -shared -fPIC -o "$t/lib.so" "$t/lib.c"
}
fresh
library C_GetFunctionList C_GetInterface C_GetInterfaceList
expect good exports exports "$t/lib.so"
library C_GetFunctionList C_GetInterface C_GetInterfaceList C_Sign
expect bad exports-too-many exports "$t/lib.so"
library C_GetFunctionList
expect bad exports-too-few exports "$t/lib.so"
library C_GetFunctionList C_GetInterface C_GetInterfaceList
gcc -shared -fPIC -Wl,-soname,libx.so.1 -o "$t/lib.so" "$t/lib.c"
expect bad exports-soname exports "$t/lib.so"

# po_case WANTED NAME MESSAGE TRANSLATION
po_case() {
	fresh
	put tools/lib/a.c "const char *a = _(\"$3\");"
	put po/vi.po 'msgid ""' 'msgstr ""' \
		'"Content-Type: text/plain; charset=UTF-8\n"' '' \
		"msgid \"Reader\"" "msgstr \"$4\""
	expect "$1" "po-$2" po
}
po_case good complete Reader 'Đầu đọc'
po_case bad empty Reader ''
po_case bad missing Readers 'Đầu đọc'
