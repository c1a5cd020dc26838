# Reads gcov --stdout of every object, writes
#
#   file PATH LINES UNRUN PERCENT %
#   unrun PATH FIRST-LAST...
#   function PATH LINE
#   total LINES UNRUN PERCENT %
#
# for the sources under module/. "function" is one that was never called. A line
# counts as run when it ran in any object: a header is read by many.
#
# awk -v root=FOLDER/ -f coverage.awk

{ sub(/^ +/, "") }

/^-: *0:Source:/ {
	path = $0
	sub(/^-: *0:Source:/, "", path)
	if (index(path, root) == 1)
		path = substr(path, length(root) + 1)
	ours = path ~ /^module\/.*\.[ch]$/
	if (ours && !(path in last)) {
		order[++files] = path
		last[path] = 0
	}
	next
}

# A function's summary stands before its first line.
ours && /^function / {
	called = $0 !~ / called 0 /
	fresh = 1
	name = $2
	next
}

ours && /^[0-9#=*-]+: *[0-9]+:/ {
	split($0, part, ":")
	n = part[2] + 0
	if (fresh) {
		fresh = 0
		at[path, name] = n
		names[path, ++functions[path]] = name
		if (called)
			ran[path, name] = 1
	}
	if (n == 0 || part[1] == "-")
		next
	if (n > last[path])
		last[path] = n
	if (part[1] ~ /^[0-9]/)
		state[path, n] = 2
	else if (!((path, n) in state))
		state[path, n] = 1
}

function ranges(p,   n, from, text) {
	from = 0
	text = ""
	for (n = 1; n <= last[p] + 1; n++) {
		if (state[p, n] == 1) {
			if (!from)
				from = n
			to = n
		} else if (state[p, n] == 2 || n > last[p]) {
			if (from)
				text = text " " (from == to ? from : from "-" to)
			from = 0
		}
	}
	return text
}

function percent(all, un) {
	return sprintf("%.1f", all == 0 ? 100 : 100 * (all - un) / all)
}

END {
	for (i = 1; i <= files; i++) {
		p = order[i]
		lines = unrun = 0
		for (n = 1; n <= last[p]; n++) {
			lines += state[p, n] != 0
			unrun += state[p, n] == 1
		}
		print "file", p, lines, unrun, percent(lines, unrun), "%"
		if (unrun)
			print "unrun", p ranges(p)
		for (f = 1; f <= functions[p]; f++)
			if (!((p, names[p, f]) in ran))
				print "function", p, names[p, f], at[p, names[p, f]]
		all_lines += lines
		all_unrun += unrun
	}
	if (files)
		print "total", all_lines, all_unrun, percent(all_lines, all_unrun), "%"
}
