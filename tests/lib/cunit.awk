# CUnit's basic output on standard input, check lines on standard output.
function flush_test(why) {
	if (test != "")
		print "not ok " suite "/" test " - " why
	test = ""
}
/^Suite: / {
	flush_test("the program ended here")
	suite = $0
	sub(/^Suite: */, "", suite)
	gsub(/[ \t]+/, "_", suite)
}
/^ *Test: / {
	flush_test("the program ended here")
	test = $0
	sub(/^ *Test: */, "", test)
	sub(/ *\.\.\..*$/, "", test)
	gsub(/[ \t]+/, "_", test)
}
test != "" && /passed[ \t]*$/ {
	print "ok " suite "/" test
	test = ""
}
# What was measured: for whoever reads the run.
/^ *figure: / {
	sub(/^ *figure: */, "figure ")
	print
}
# The reason stands on the next line: "    1. file.c:12  - expression".
failed {
	sub(/^ */, "")
	flush_test($0)
	failed = 0
}
test != "" && /FAILED[ \t]*$/ {
	failed = 1
}
END {
	flush_test("the program ended here")
}
