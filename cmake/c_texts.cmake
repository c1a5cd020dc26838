# Makes ${OUT}: the files ${DIR}/*.${EXT} as C text, in a table
# ${TYPE} ${TABLE}[] of name and text, with ${TABLE}_n; ${HEADER} declares both.
# NAMED: NAME_WE or NAME, a file without or with its extension.
# Run as: cmake -DDIR=conf/cards -DEXT=conf -DNAMED=NAME_WE
#   "-DTYPE=struct ca_profile_text" -DTABLE=ca_profile_builtin
#   -DHEADER=pcsc/card/profile_builtin.h -DOUT=profile_builtin.c -P this_file
file(GLOB files "${DIR}/*.${EXT}")
list(SORT files)
set(texts "")
set(table "")
foreach(file IN LISTS files)
	get_filename_component(name "${file}" ${NAMED})
	string(MAKE_C_IDENTIFIER "${name}" id)
	file(READ "${file}" hex HEX)
	string(REGEX REPLACE "(..)" "0x\\1," hex "${hex}")
	string(APPEND texts "static const char ${id}[] = { ${hex}0 };\n")
	string(APPEND table "\t{ \"${name}\", ${id} },\n")
endforeach()
list(LENGTH files n)
file(WRITE "${OUT}" "#include \"${HEADER}\"\n${texts}"
	"const ${TYPE} ${TABLE}[] = {\n${table}};\n"
	"const size_t ${TABLE}_n = ${n};\n")
