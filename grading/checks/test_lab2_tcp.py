"""Lab 2: the TCP server and the TCP client of the slides, apart and together."""

from __future__ import annotations

from grading.arena import Bench
from grading.checks.claims import (
    after,
    check,
    claim_address,
    claim_connection_ended,
    claim_destination,
    claim_ended_well,
    claim_message,
    claim_port_of_its_own,
    claim_shown_as_text,
    claim_still_welcoming,
    claim_typed_first,
)

ANSWERS = "tcp_server_answers_one_message"
CONNECTS = "tcp_client_connects"
SENDS = "tcp_client_sends_what_was_typed"
SHOWS = "tcp_client_shows_the_answer"


@check("tcp_server", points=2)
def test_tcp_server_starts(bench: Bench) -> None:
    """Starts, and listens for connections"""
    bench.tcp_server().until_settled()


@check("tcp_server", points=2, after="tcp_server_starts")
def test_tcp_server_binds_port_12000(bench: Bench) -> None:
    """Binds port 12000"""
    claim_address(bench.tcp_server())


@check("tcp_server", points=4, after="tcp_server_starts")
def test_tcp_server_answers_one_message(bench: Bench) -> None:
    """Answers a message with its text in upper case"""
    server = bench.tcp_server()
    server.ask(bench.words.sentence())


@check("tcp_server", points=3, after=ANSWERS)
def test_tcp_server_answers_several_clients(bench: Bench) -> None:
    """Answers one client after another"""
    server = bench.tcp_server()
    for _ in range(3):
        server.ask(bench.words.sentence())


@check("tcp_server", points=3, after=ANSWERS)
def test_tcp_server_answers_waiting_clients(bench: Bench) -> None:
    """Answers two clients that are there at the same time"""
    server = bench.tcp_server()
    one = server.connect()
    server.let_it_act()  # it has accepted the first by then: a backlog of 0 has room for the other
    two = server.connect()
    first, second = bench.words.sentence(), bench.words.sentence()
    server.let_it_act()  # one that serves several at a time has accepted both by then
    one.send(first.text)
    server.let_it_act()
    two.send(second.text)
    one.receive(first)
    two.receive(second)


@check("tcp_server", points=2, after=ANSWERS)
def test_tcp_server_keeps_other_characters(bench: Bench) -> None:
    """Leaves capitals, digits and punctuation as they are"""
    server = bench.tcp_server()
    server.ask(bench.words.other_characters())


@check("tcp_server", points=2, after=ANSWERS)
def test_tcp_server_answers_short_and_long(bench: Bench) -> None:
    """Answers one byte, and 900 bytes, in full"""
    bench.tcp_server().ask(bench.words.letter())
    bench.tcp_server().ask(bench.words.long())


@check("tcp_server", points=2, after=ANSWERS)
def test_tcp_server_survives_a_silent_client(bench: Bench) -> None:
    """Goes on after a client that leaves without a word"""
    server = bench.tcp_server()
    server.connect().leave_silently()
    with after("a client that left without a word", "quits-on-empty-message"):
        server.until_settled()
        server.ask(bench.words.sentence())


@check("tcp_server", points=2, after=ANSWERS)
def test_tcp_server_closes_the_connection(bench: Bench) -> None:
    """Closes the connection after the answer"""
    server = bench.tcp_server()
    claim_connection_ended(server.ask(bench.words.sentence()))


@check("tcp_server", points=2, after=ANSWERS)
def test_tcp_server_keeps_welcoming(bench: Bench) -> None:
    """Keeps its welcoming socket open"""
    server = bench.tcp_server()
    server.ask(bench.words.sentence())
    claim_still_welcoming(server, bench.words.sentence())


@check("tcp_client", points=3)
def test_tcp_client_connects(bench: Bench) -> None:
    """Connects to a server"""
    bench.tcp_client().until_connected()


@check("tcp_client", points=2, after=CONNECTS)
def test_tcp_client_connects_to_port_12000(bench: Bench) -> None:
    """Connects to port 12000 of this machine"""
    client = bench.tcp_client()
    client.until_connected()
    claim_destination(client)


@check("tcp_client", points=4, after=CONNECTS)
def test_tcp_client_sends_what_was_typed(bench: Bench) -> None:
    """Sends exactly the line that was typed"""
    client = bench.tcp_client()
    client.until_sent()
    client.reply(bench.words.unrelated(client.phrase))
    client.until_done()
    claim_message(client)


@check("tcp_client", points=2, after=SENDS)
def test_tcp_client_sends_other_characters(bench: Bench) -> None:
    """Sends digits, punctuation and spaces unchanged"""
    client = bench.tcp_client(bench.words.other_characters())
    client.until_sent()
    claim_message(client)


@check("tcp_client", points=2, after=SENDS)
def test_tcp_client_waits_for_the_line(bench: Bench) -> None:
    """Sends nothing before the line was typed"""
    client = bench.tcp_client()
    client.until_sent()
    claim_typed_first(client)


@check("tcp_client", points=2, after=CONNECTS)
def test_tcp_client_uses_an_ephemeral_port(bench: Bench) -> None:
    """Lets the system choose its own port"""
    client = bench.tcp_client()
    client.until_connected()
    claim_port_of_its_own(client, again=client.until_connected)


@check("tcp_client", points=3, after=SENDS)
def test_tcp_client_shows_the_answer(bench: Bench) -> None:
    """Shows the answer that arrived"""
    client = bench.tcp_client()
    client.until_sent()
    client.answer_and_see(bench.words.unrelated(client.phrase))


@check("tcp_client", points=1, after=SHOWS)
def test_tcp_client_shows_text(bench: Bench) -> None:
    """Shows it as text, not as bytes"""
    client = bench.tcp_client()
    client.until_sent()
    answer = bench.words.unrelated(client.phrase)
    client.answer_and_see(answer)
    claim_shown_as_text(client, answer)


@check("tcp_client", points=1, after=SHOWS)
def test_tcp_client_shows_a_long_answer(bench: Bench) -> None:
    """Shows an answer of 900 bytes in full"""
    client = bench.tcp_client(bench.words.long())
    client.until_sent()
    client.answer_and_see(bench.words.long().answer)


@check("tcp_client", points=2, after=SHOWS)
def test_tcp_client_ends(bench: Bench) -> None:
    """Ends by itself after the answer"""
    client = bench.tcp_client()
    client.until_sent()
    client.answer_and_see(bench.words.unrelated(client.phrase))
    claim_ended_well(client)


@check("tcp_client", points=2, after=SHOWS)
def test_tcp_client_works_with_the_reference_server(bench: Bench) -> None:
    """Works with the reference server"""
    bench.meet("tcp_client", bench.reference("tcp_server", at=bench.stage.port_of("tcp_client")))


@check("tcp_pair", points=2, after=(ANSWERS, SHOWS))
def test_tcp_pair_works_together(bench: Bench) -> None:
    """Your client and your server work together"""
    bench.meet("tcp_client", bench.script("tcp_server"))
