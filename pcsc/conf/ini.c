#include "pcsc/conf/ini.h"

#include <ini.h>
#include <string.h>

#include "pcsc/base/log.h"

/* What inih adds to a line of ours: LF and NUL. */
#define LINE_EXTRA 2

enum line_kind {
	LINE_NOTHING, /* blank or comment */
	LINE_SECTION,
	LINE_PAIR,
};

struct parser {
	struct ca_rd text; /* what is still to be read */
	const char *name;
	ca_ini_row *row;
	void *arg;
	unsigned line;       /* the one inih works on, from 1 */
	enum line_kind kind; /* what it looks like to us */
	bool told;           /* inih gave us its pair */
	bool lost;           /* the last section line was faulty */
	unsigned faults;
};

static void
fault(struct parser *p, const char *why)
{
	ca_log(CA_LOG_ERROR, "conf", "%s:%u: %s", p->name, p->line, why);
	p->faults++;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Takes the next line without its LF. */
static bool
take_line(struct ca_rd *text, struct ca_rd *line)
{
	const uint8_t *end;

	if (ca_rd_end(text))
		return false;
	end = memchr(text->p, '\n', text->n);
	if (!ca_rd_take(text, end ? (size_t)(end - text->p) : text->n, line))
		return false;
	/* The LF itself; the last line may have none. */
	return ca_rd_end(text) || ca_rd_skip(text, 1);
}

/* Strips white space from both ends: a line that begins with it would be a
 * continuation of the value before it to inih. */
static void
strip(struct ca_rd *line)
{
	while (line->n > 0 && is_blank(line->p[line->n - 1]))
		line->n--;
	while (line->n > 0 && is_blank(line->p[0]) && ca_rd_skip(line, 1))
		;
}

/* A section line says [name], then nothing or a comment. */
static const char *
section_fault(struct ca_rd line)
{
	const uint8_t *end = memchr(line.p, ']', line.n);
	struct ca_rd rest = line;
	size_t head;

	if (!end)
		return "']' is missing";
	head = (size_t)(end - line.p) + 1;
	if (head > CA_INI_SECTION + 2)
		return "section name too long";
	/* inih would take it for the beginning of a comment. */
	if (memchr(line.p, ';', head))
		return "';' in a section name";
	if (!ca_rd_skip(&rest, head))
		return "']' is missing";
	strip(&rest);
	if (rest.n > 0 && rest.p[0] != ';' && rest.p[0] != '#')
		return "text after ']'";
	return NULL;
}

static enum line_kind
kind_of(struct ca_rd line)
{
	if (line.n == 0 || line.p[0] == ';' || line.p[0] == '#')
		return LINE_NOTHING;
	return line.p[0] == '[' ? LINE_SECTION : LINE_PAIR;
}

/* What is wrong with a line before inih sees it, or NULL. Sets p->kind. */
static const char *
judge(struct parser *p, struct ca_rd line, size_t room)
{
	p->kind = kind_of(line);
	p->told = false;
	if (memchr(line.p, '\0', line.n))
		return "NUL byte in the line";
	if (p->kind != LINE_NOTHING &&
	    (line.n > CA_INI_LINE || line.n + LINE_EXTRA > room))
		return "line too long";
	return p->kind == LINE_SECTION ? section_fault(line) : NULL;
}

/* inih tells of no single line what it made of it: when it asks for the next
 * one, a pair it did not give us was none. */
static void
finish_line(struct parser *p)
{
	if (p->kind == LINE_PAIR && !p->told)
		fault(p, "neither [section] nor key = value");
	p->kind = LINE_NOTHING;
}

/* Drops a UTF-8 byte order mark, as inih does. */
static void
skip_mark(struct ca_rd *line)
{
	static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
	struct ca_rd look = *line;
	struct ca_rd head;

	if (ca_rd_take(&look, sizeof(mark), &head) &&
	    ca_rd_equal(head, ca_rd_of(mark, sizeof(mark))))
		*line = look;
}

/* The reader inih calls, in the manner of fgets(). */
static char *
next_line(char *out, int num, void *stream)
{
	struct parser *p = stream;
	size_t room = num > 0 ? (size_t)num : 0;
	struct ca_rd line;
	const char *why;
	size_t n = 0;

	finish_line(p);
	if (room < LINE_EXTRA || !take_line(&p->text, &line))
		return NULL;
	if (++p->line == 1)
		skip_mark(&line);
	strip(&line);
	why = judge(p, line, room);
	if (p->kind == LINE_SECTION)
		p->lost = why != NULL;
	if (why)
		fault(p, why);
	/* inih gets an empty line for a faulty one, and for a comment, which
	 * may be as long as it likes. */
	if (why || p->kind == LINE_NOTHING) {
		p->kind = LINE_NOTHING;
		line.n = 0;
	}
	if (!ca_rd_copy(line, out, room - LINE_EXTRA, &n))
		return NULL;
	out[n] = '\n';
	out[n + 1] = '\0';
	return out;
}

static int
take_pair(void *arg, const char *section, const char *key, const char *value)
{
	struct parser *p = arg;
	const char *why = "refused";

	/* A build of inih may announce sections like this. */
	if (!key)
		return 1;
	p->told = true;
	if (!value)
		fault(p, "no value");
	else if (p->lost)
		fault(p, "belongs to a faulty section");
	else if (key[0] == '\0')
		fault(p, "no key before the value");
	else if (!p->row(p->arg, p->line, section, key, value, &why))
		fault(p, why);
	return 1;
}

ca_err
ca_ini_parse(struct ca_rd text, const char *name, ca_ini_row *row, void *arg,
    unsigned *faults)
{
	struct parser p = {.text = text, .name = name, .row = row, .arg = arg};
	int rc = ini_parse_stream(next_line, &p, take_pair, &p);

	/* Somebody in this process made inih stop early. */
	if (rc >= 0 && !ca_rd_end(&p.text))
		fault(&p, "reading stopped after this line");
	*faults = p.faults;
	return rc < 0 ? CA_E_NOMEM : CA_OK;
}
