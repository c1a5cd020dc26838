/* The readers in process: every promise of sim_transport.h. */
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/sim_transport.h"
#include "tests/sim/t.h"

#define READER "Reader 0"
#define LONG_MS                                                                \
	10000 /* a deadline, not a wait: something must happen first           \
	       */

static const uint8_t select_mf[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00};

struct fix {
	struct ca_sim_world *w;
	const struct ca_transport_ops *ops;
	struct ca_sim *card;
	void *conn, *link;
	struct ca_link_info info;
};

static void
set_up(struct fix *f, const char *options)
{
	memset(f, 0, sizeof(*f));
	f->w = ca_sim_world_new();
	f->ops = ca_sim_world_transport(f->w)->ops;
	f->card = t_card("iso7816-15", options);
	CU_ASSERT_EQUAL(ca_sim_world_add(f->w, READER, NULL), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_insert(f->w, READER, f->card), CA_OK);
	CU_ASSERT_EQUAL(f->ops->open(ca_sim_world_transport(f->w)->arg,
			    &f->conn),
	    CA_OK);
	CU_ASSERT_EQUAL(f->ops->connect(f->conn, READER, &f->info, &f->link),
	    CA_OK);
}

static void
tear_down(struct fix *f)
{
	f->ops->close(f->conn);
	CU_ASSERT_EQUAL(ca_sim_world_open_conns(f->w), 0);
	CU_ASSERT_EQUAL(ca_sim_world_open_links(f->w), 0);
	ca_sim_world_free(f->w);
	ca_sim_free(f->card);
}

static ca_err
send(struct fix *f, void *link)
{
	uint8_t room[300];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	return f->ops->transmit(link, ca_rd_of(select_mf, sizeof(select_mf)),
	    &w);
}

/* A command in its own transaction. */
static ca_err
exchange(struct fix *f, void *link)
{
	ca_err e = f->ops->begin(link);

	if (e == CA_OK) {
		e = send(f, link);
		f->ops->end(link);
	}
	return e;
}

static void
lists_and_connects(void)
{
	struct fix f;
	struct ca_reader r[CA_READERS_MAX];
	size_t n = 0;
	void *link = NULL;

	set_up(&f, "");
	CU_ASSERT_EQUAL(ca_sim_world_add(f.w, "Reader 1", NULL), CA_OK);
	CU_ASSERT_EQUAL(f.ops->list(f.conn, r, CA_READERS_MAX, &n), CA_OK);
	CU_ASSERT_EQUAL(n, 2);
	CU_ASSERT(r[0].present && r[0].card && !r[0].mute);
	CU_ASSERT(r[1].present && !r[1].card);
	CU_ASSERT(ca_rd_equal(ca_rd_of(r[0].atr, r[0].atr_n),
	    ca_sim_atr(f.card)));
	CU_ASSERT_EQUAL(f.info.proto, CA_PROTO_T1);
	CU_ASSERT_EQUAL(f.ops->connect(f.conn, "Reader 1", &f.info, &link),
	    CA_E_NO_CARD);
	CU_ASSERT_EQUAL(f.ops->connect(f.conn, "Reader 9", &f.info, &link),
	    CA_E_NO_READER);
	CU_ASSERT_EQUAL(ca_sim_world_insert_mute(f.w, "Reader 1"), CA_OK);
	CU_ASSERT_EQUAL(f.ops->query(f.conn, &r[1]), CA_OK);
	CU_ASSERT(r[1].mute && !r[1].card);
	CU_ASSERT_EQUAL(f.ops->connect(f.conn, "Reader 1", &f.info, &link),
	    CA_E_IO);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 0);
	tear_down(&f);
}

static void
protocols(void)
{
	struct fix f;
	struct ca_sim_reader t0_only = {.no_t1 = true};
	struct ca_sim_reader big = {.max_apdu = 600};
	void *link = NULL;
	uint8_t cmd[601] = {0x00, 0xB0};
	uint8_t room[300];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	set_up(&f, "t0=yes");
	CU_ASSERT_EQUAL(f.info.proto, CA_PROTO_T1);
	CU_ASSERT_EQUAL(f.ops->begin(f.link), CA_OK);
	CU_ASSERT_EQUAL(f.ops->transmit(f.link, ca_rd_of(cmd, 262), &w),
	    CA_E_IO);
	CU_ASSERT_EQUAL(f.ops->transmit(f.link, ca_rd_of(cmd, 3), &w), CA_E_IO);
	f.ops->end(f.link);
	CU_ASSERT_EQUAL(ca_sim_world_remove(f.w, READER), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_add(f.w, "T0", &t0_only), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_insert(f.w, "T0", f.card), CA_OK);
	CU_ASSERT_EQUAL(f.ops->connect(f.conn, "T0", &f.info, &link), CA_OK);
	CU_ASSERT_EQUAL(f.info.proto, CA_PROTO_T0);
	CU_ASSERT_EQUAL(ca_sim_world_remove(f.w, "T0"), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_add(f.w, "Big", &big), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_insert(f.w, "Big", f.card), CA_OK);
	CU_ASSERT_EQUAL(f.ops->connect(f.conn, "Big", &f.info, &link), CA_OK);
	CU_ASSERT_EQUAL(f.ops->begin(link), CA_OK);
	CU_ASSERT_EQUAL(f.ops->transmit(link, ca_rd_of(cmd, 600), &w), CA_OK);
	CU_ASSERT_EQUAL(f.ops->transmit(link, ca_rd_of(cmd, 601), &w), CA_E_IO);
	f.ops->end(link);
	tear_down(&f);
}

static void
removal(void)
{
	struct fix f;
	struct ca_sim *other = t_card("vgca-chipdoc", "");

	set_up(&f, "");
	CU_ASSERT_EQUAL(ca_sim_world_remove(f.w, READER), CA_OK);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_E_REMOVED);
	CU_ASSERT_EQUAL(f.ops->reconnect(f.link, false, &f.info), CA_E_NO_CARD);
	/* another card is never the old one, until asked for */
	CU_ASSERT_EQUAL(ca_sim_world_insert(f.w, READER, other), CA_OK);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_E_REMOVED);
	CU_ASSERT_EQUAL(f.ops->reconnect(f.link, false, &f.info), CA_OK);
	CU_ASSERT(ca_rd_equal(ca_rd_of(f.info.atr, f.info.atr_n),
	    ca_sim_atr(other)));
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 0);
	tear_down(&f);
	ca_sim_free(other);
}

static void
reader_gone(void)
{
	struct fix f;

	set_up(&f, "");
	CU_ASSERT_EQUAL(ca_sim_world_unplug(f.w, READER), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_unplug(f.w, READER), CA_E_NO_READER);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_E_NO_READER);
	CU_ASSERT_EQUAL(ca_sim_world_add(f.w, READER, NULL), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_insert(f.w, READER, f.card), CA_OK);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_E_NO_READER);
	CU_ASSERT_EQUAL(f.ops->reconnect(f.link, false, &f.info),
	    CA_E_NO_READER);
	tear_down(&f);
}

static void
other_resets(void)
{
	struct fix f;

	set_up(&f, "");
	CU_ASSERT_EQUAL(ca_sim_world_reset(f.w, READER), CA_OK);
	CU_ASSERT_EQUAL(f.ops->begin(f.link), CA_E_RESET);
	CU_ASSERT_EQUAL(f.ops->begin(f.link), CA_E_RESET);
	CU_ASSERT_EQUAL(f.ops->reconnect(f.link, false, &f.info), CA_OK);
	CU_ASSERT_EQUAL(f.ops->begin(f.link), CA_OK);
	/* in the middle of a transaction */
	CU_ASSERT_EQUAL(ca_sim_world_reset(f.w, READER), CA_OK);
	CU_ASSERT_EQUAL(send(&f, f.link), CA_E_RESET);
	f.ops->end(f.link);
	/* our own reset does not surprise us */
	CU_ASSERT_EQUAL(f.ops->reconnect(f.link, true, &f.info), CA_OK);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 0);
	tear_down(&f);
}

static void
service(void)
{
	struct fix f;
	struct ca_reader r[2];
	size_t n = 7;
	void *conn = NULL;

	set_up(&f, "");
	ca_sim_world_service(f.w, false);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_E_NO_SERVICE);
	CU_ASSERT_EQUAL(f.ops->list(f.conn, r, 2, &n), CA_E_NO_SERVICE);
	CU_ASSERT_EQUAL(n, 7);
	CU_ASSERT_EQUAL(f.ops->open(ca_sim_world_transport(f.w)->arg, &conn),
	    CA_E_NO_SERVICE);
	ca_sim_world_service(f.w, true);
	CU_ASSERT_EQUAL(f.ops->list(f.conn, r, 2, &n), CA_E_NO_SERVICE);
	CU_ASSERT_EQUAL(f.ops->open(ca_sim_world_transport(f.w)->arg, &conn),
	    CA_OK);
	CU_ASSERT_EQUAL(f.ops->list(conn, r, 2, &n), CA_OK);
	CU_ASSERT_EQUAL(n, 1);
	f.ops->close(conn);
	tear_down(&f);
}

static void
sharing(void)
{
	struct fix f;
	void *link = NULL;
	uint8_t room[8];
	struct ca_wr w = ca_wr_of(room, sizeof(room));

	set_up(&f, "");
	CU_ASSERT_EQUAL(ca_sim_world_exclusive(f.w, READER, true), CA_OK);
	CU_ASSERT_EQUAL(f.ops->connect(f.conn, READER, &f.info, &link),
	    CA_E_BUSY);
	CU_ASSERT_EQUAL(ca_sim_world_exclusive(f.w, READER, false), CA_OK);
	CU_ASSERT_EQUAL(f.ops->connect(f.conn, READER, &f.info, &link), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_other(f.w, READER,
			    ca_rd_of(select_mf, sizeof(select_mf)), &w),
	    CA_OK);
	CU_ASSERT_EQUAL(w.n, 2);
	f.ops->disconnect(link);
	CU_ASSERT_EQUAL(ca_sim_world_open_links(f.w), 1);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 0);
	tear_down(&f);
}

static void
breaches(void)
{
	struct fix f;

	set_up(&f, "");
	CU_ASSERT_EQUAL(send(&f, f.link), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 1);
	f.ops->end(f.link);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 2);
	CU_ASSERT_EQUAL(f.ops->begin(f.link), CA_OK);
	f.ops->disconnect(f.link);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 3);
	tear_down(&f);
}

static void
ordered_failures(void)
{
	struct fix f;

	set_up(&f, "");
	ca_sim_world_fail(f.w, CA_SIM_CALL_BEGIN, 2, CA_E_IO);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_OK);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_E_IO);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_calls(f.w, CA_SIM_CALL_BEGIN), 3);
	tear_down(&f);
}

static void
troubles(void)
{
	static const struct {
		const char *text;
		ca_err now, then;
	} rows[] = {
	    {"1:remove", CA_E_REMOVED, CA_E_REMOVED},
	    {"1:remove-after", CA_E_REMOVED, CA_E_REMOVED},
	    {"1:swap", CA_E_REMOVED, CA_E_REMOVED},
	    {"1:reset", CA_E_RESET, CA_E_RESET},
	    {"1:reset-after", CA_OK, CA_E_RESET},
	    {"1:short", CA_E_MALFORMED, CA_OK},
	    {"1:empty", CA_E_MALFORMED, CA_OK},
	    {"1:long", CA_E_MALFORMED, CA_OK},
	    {"1:garbage", CA_OK, CA_OK},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct fix f;
		struct ca_sim_trouble t;
		struct ca_sim *spare = t_card("vgca-chipdoc", "");

		set_up(&f, "");
		CU_ASSERT_EQUAL(ca_sim_world_spare(f.w, READER, spare), CA_OK);
		CU_ASSERT_EQUAL(ca_sim_trouble_parse(rows[i].text, &t), CA_OK);
		ca_sim_trouble(f.card, &t);
		CU_ASSERT_EQUAL(exchange(&f, f.link), rows[i].now);
		CU_ASSERT_EQUAL(exchange(&f, f.link), rows[i].then);
		CU_ASSERT_EQUAL(ca_sim_world_card(f.w, READER) == spare,
		    t.what == CA_SIM_T_SWAP);
		CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 0);
		tear_down(&f);
		ca_sim_free(spare);
	}
}

/* ---- two threads ---- */

struct waiter {
	struct fix *f;
	struct ca_reader known[2];
	size_t n;
	uint32_t ms;
	ca_err e;
};

static void *
wait_thread(void *arg)
{
	struct waiter *a = arg;

	a->e = a->f->ops->wait(a->f->conn, a->known, a->n, a->ms);
	return NULL;
}

/* What each of the test's moves does to somebody who waits. */
enum move { REMOVE, INSERT, UNPLUG, PLUG, CANCEL, DOWN, NOTHING };

static void
do_move(struct fix *f, enum move m)
{
	switch (m) {
	case REMOVE:
		CU_ASSERT_EQUAL(ca_sim_world_remove(f->w, READER), CA_OK);
		break;
	case INSERT:
		CU_ASSERT_EQUAL(ca_sim_world_insert(f->w, READER, f->card),
		    CA_OK);
		break;
	case UNPLUG:
		CU_ASSERT_EQUAL(ca_sim_world_unplug(f->w, READER), CA_OK);
		break;
	case PLUG:
		CU_ASSERT_EQUAL(ca_sim_world_add(f->w, "New", NULL), CA_OK);
		break;
	case CANCEL:
		f->ops->cancel(f->conn);
		break;
	case DOWN:
		ca_sim_world_service(f->w, false);
		break;
	case NOTHING:
		break;
	}
}

static void
waiting(void)
{
	static const struct {
		enum move move;
		uint32_t ms;
		ca_err e;
	} rows[] = {
	    {REMOVE, CA_WAIT_FOREVER, CA_OK},
	    {INSERT, CA_WAIT_FOREVER, CA_OK},
	    {UNPLUG, CA_WAIT_FOREVER, CA_OK},
	    {PLUG, LONG_MS, CA_OK},
	    {CANCEL, CA_WAIT_FOREVER, CA_E_CANCELLED},
	    {DOWN, CA_WAIT_FOREVER, CA_E_NO_SERVICE},
	    {NOTHING, 20, CA_E_TIMEOUT},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct fix f;
		struct waiter a = {.f = &f, .ms = rows[i].ms, .e = CA_E_BUG};
		pthread_t t;

		set_up(&f, "");
		CU_ASSERT_EQUAL(f.ops->list(f.conn, a.known, 2, &a.n), CA_OK);
		pthread_create(&t, NULL, wait_thread, &a);
		if (rows[i].move != NOTHING)
			CU_ASSERT(ca_sim_world_await_waiter(f.w, LONG_MS));
		do_move(&f, rows[i].move);
		pthread_join(t, NULL);
		CU_ASSERT_EQUAL(a.e, rows[i].e);
		tear_down(&f);
	}
}

/* What has already happened is told at once; a lost cancel() stays lost. */
static void
waiting_not(void)
{
	struct fix f;
	struct waiter a = {.f = &f, .ms = CA_WAIT_FOREVER};

	set_up(&f, "");
	wait_thread(&a);
	CU_ASSERT_EQUAL(a.e, CA_OK);
	CU_ASSERT_EQUAL(f.ops->list(f.conn, a.known, 2, &a.n), CA_OK);
	f.ops->cancel(f.conn);
	a.ms = 0;
	wait_thread(&a);
	CU_ASSERT_EQUAL(a.e, CA_E_TIMEOUT);
	CU_ASSERT_FALSE(ca_sim_world_await_waiter(f.w, 0));
	tear_down(&f);
}

struct beginner {
	struct fix *f;
	void *link;
	ca_err e;
};

static void *
begin_thread(void *arg)
{
	struct beginner *a = arg;

	a->e = exchange(a->f, a->link);
	return NULL;
}

static void
transactions_exclude(void)
{
	static const struct {
		enum move move; /* before the holder lets go */
		ca_err e;
	} rows[] = {
	    {NOTHING, CA_OK},
	    {REMOVE, CA_E_REMOVED},
	    {DOWN, CA_E_NO_SERVICE},
	};

	for (size_t i = 0; i < CA_COUNT(rows); i++) {
		struct fix f;
		struct beginner a = {.f = &f, .e = CA_E_BUG};
		pthread_t t;

		set_up(&f, "");
		a.link = f.link;
		CU_ASSERT_EQUAL(ca_sim_world_hold(f.w, READER, true), CA_OK);
		pthread_create(&t, NULL, begin_thread, &a);
		CU_ASSERT(ca_sim_world_await_blocked(f.w, LONG_MS));
		CU_ASSERT_EQUAL(ca_sim_count(f.card, CA_SIM_APDUS), 0);
		do_move(&f, rows[i].move);
		if (rows[i].move == NOTHING)
			CU_ASSERT_EQUAL(ca_sim_world_hold(f.w, READER, false),
			    CA_OK);
		pthread_join(t, NULL);
		CU_ASSERT_EQUAL(a.e, rows[i].e);
		CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 0);
		tear_down(&f);
	}
}

/* A child forgets its parent's connection and opens its own. */
static void
forked(void)
{
	struct fix f;
	int status = -1;
	pid_t pid;

	set_up(&f, "");
	pid = fork();
	if (pid == 0) {
		void *conn = NULL;
		bool ok = exchange(&f, f.link) == CA_E_BUG &&
			  ca_sim_world_breaches(f.w) == 1;

		f.ops->forget(f.conn);
		ok = ok && ca_sim_world_open_links(f.w) == 0 &&
		     f.ops->open(ca_sim_world_transport(f.w)->arg, &conn) ==
			 CA_OK;
		_exit(ok ? 0 : 1);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CU_ASSERT_EQUAL(exchange(&f, f.link), CA_OK);
	CU_ASSERT_EQUAL(ca_sim_world_breaches(f.w), 0);
	tear_down(&f);
}

CU_TestInfo t_readers[] = {
    {"lists_and_connects", lists_and_connects},
    {"protocols", protocols},
    {"removal", removal},
    {"reader_gone", reader_gone},
    {"other_resets", other_resets},
    {"service", service},
    {"sharing", sharing},
    {"breaches", breaches},
    {"ordered_failures", ordered_failures},
    {"troubles", troubles},
    {"waiting", waiting},
    {"waiting_not", waiting_not},
    {"transactions_exclude", transactions_exclude},
    {"forked", forked},
    CU_TEST_INFO_NULL,
};
