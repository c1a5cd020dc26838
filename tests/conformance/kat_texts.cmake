# Makes ${OUT}: the files of ${DIR} as C text (tests/conformance/kat.h).
# Run as: cmake -DDIR=tests/data/kat -DOUT=kat_texts.c -P this_file
file(GLOB files "${DIR}/*.txt")
list(SORT files)
set(texts "")
set(table "")
foreach(file IN LISTS files)
	get_filename_component(name "${file}" NAME)
	string(MAKE_C_IDENTIFIER "${name}" id)
	file(READ "${file}" hex HEX)
	string(REGEX REPLACE "(..)" "0x\\1," hex "${hex}")
	string(APPEND texts "static const char ${id}[] = { ${hex}0 };\n")
	string(APPEND table "\t{ \"${name}\", ${id} },\n")
endforeach()
list(LENGTH files n)
file(WRITE "${OUT}" "#include \"tests/conformance/kat.h\"\n${texts}"
	"const struct cf_kat_text cf_kat_texts[] = {\n${table}};\n"
	"const size_t cf_kat_texts_n = ${n};\n")
