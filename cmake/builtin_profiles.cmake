# Makes ${OUT}: the profiles of ${DIR} as C text (pcsc/card/profile_builtin.h).
# Run as: cmake -DDIR=conf/cards -DOUT=profile_builtin.c -P this_file
file(GLOB files "${DIR}/*.conf")
list(SORT files)
set(texts "")
set(table "")
foreach(file IN LISTS files)
	get_filename_component(name "${file}" NAME_WE)
	string(MAKE_C_IDENTIFIER "${name}" id)
	file(READ "${file}" hex HEX)
	string(REGEX REPLACE "(..)" "0x\\1," hex "${hex}")
	string(APPEND texts "static const char ${id}[] = { ${hex}0 };\n")
	string(APPEND table "\t{ \"${name}\", ${id} },\n")
endforeach()
list(LENGTH files n)
file(WRITE "${OUT}" "#include \"pcsc/card/profile_builtin.h\"\n${texts}"
	"const struct ca_profile_text ca_profile_builtin[] = {\n${table}};\n"
	"const size_t ca_profile_builtin_n = ${n};\n")
