# Reads layers.txt, then the names of source files with their include lines as
# "FILE:LINE:#include ..."; prints one line per include the table forbids.
function room_of(path) {
	if (match(path, /^((pcsc|module|tools)\/[^\/]+|tests\/sim)\//))
		return substr(path, 1, RLENGTH - 1)
	return ""
}
function glob_match(name, pattern) {
	if (pattern ~ /\/\*$/)
		return index(name, substr(pattern, 1, length(pattern) - 1)) == 1
	return name == pattern
}
FILENAME ~ /layers\.txt$/ {
	if ($1 == "room") {
		from = $2
		sub(/:$/, "", from)
		known[from] = 1
		may[from, from] = 1
		for (i = 3; i <= NF; i++)
			may[from, $i] = 1
	} else if ($1 == "system") {
		n = split($0, half, ":")
		m = split(half[1], rooms, " ")
		k = split(half[2], heads, " ")
		for (j = 1; j <= k; j++) {
			patterns[heads[j]] = 1
			for (i = 2; i <= m; i++)
				sees[rooms[i], heads[j]] = 1
		}
	} else if ($1 == "libc:") {
		for (i = 2; i <= NF; i++)
			libc[$i] = 1
	}
	next
}
{
	split($0, part, ":")
	where = part[1] ":" part[2]
	from = room_of(part[1])
	match($0, /[<"][^>"]*[>"]/)
	quoted = substr($0, RSTART, 1) == "\""
	name = substr($0, RSTART + 1, RLENGTH - 2)
	if (!(from in known)) {
		print where ": the room " from " is not in the table"
		next
	}
	if (quoted) {
		to = room_of(name)
		if ((from, name) in may)
			next
		if (to == "")
			print where ": " name " is not written from the project root"
		else if (!((from, to) in may))
			print where ": " from " may not include " name
		next
	}
	if (name in libc)
		next
	verdict = "is in no row of the table"
	for (p in patterns)
		if (glob_match(name, p)) {
			if ((from, p) in sees)
				next
			verdict = "may not be seen by " from
		}
	print where ": <" name "> " verdict
}
