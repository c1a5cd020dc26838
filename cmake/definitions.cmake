# ca_definitions(OUT REGEX BEFORE EACH BETWEEN EACH AFTER FILE...): writes C text
# into OUT, where each of the two EACH is given once for every definition in the
# files that REGEX matches, with NAME standing for its first group. So a table is
# made from what there is, and a new file enters it by itself.
function(ca_definitions out regex before first between second after)
	set(firsts "")
	set(seconds "")
	foreach(file IN LISTS ARGN)
		file(STRINGS ${file} lines REGEX "${regex}")
		foreach(line IN LISTS lines)
			string(REGEX REPLACE "${regex}.*" "\\1" name "${line}")
			string(REPLACE NAME ${name} text "${first}")
			string(APPEND firsts "${text}\n")
			string(REPLACE NAME ${name} text "${second}")
			string(APPEND seconds "${text}\n")
		endforeach()
	endforeach()
	file(CONFIGURE OUTPUT ${out} @ONLY CONTENT
		"${before}\n${firsts}${between}\n${seconds}${after}\n")
	# A definition that comes or goes is seen by the next build.
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
endfunction()
