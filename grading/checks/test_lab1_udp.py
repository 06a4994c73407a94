"""Lab 1: the UDP server and the UDP client of the slides, apart and together."""

from __future__ import annotations

from grading.arena import Bench
from grading.checks.claims import (
    after,
    check,
    claim_address,
    claim_destination,
    claim_ended_well,
    claim_message,
    claim_nothing_else_was_sent,
    claim_one_datagram,
    claim_port_of_its_own,
    claim_shown_as_text,
    claim_typed_first,
)

ANSWERS = "udp_server_answers_one_message"
SENDS = "udp_client_sends_a_datagram"
SHOWS = "udp_client_shows_the_answer"


@check("udp_server", points=2)
def test_udp_server_starts(bench: Bench) -> None:
    """Starts, and waits for datagrams"""
    bench.udp_server().until_settled()


@check("udp_server", points=2, after="udp_server_starts")
def test_udp_server_binds_port_12000(bench: Bench) -> None:
    """Binds port 12000"""
    claim_address(bench.udp_server())


@check("udp_server", points=4, after="udp_server_starts")
def test_udp_server_answers_one_message(bench: Bench) -> None:
    """Answers a message with its text in upper case"""
    server = bench.udp_server()
    server.ask(server.client(), bench.words.sentence())


@check("udp_server", points=3, after=ANSWERS)
def test_udp_server_answers_again(bench: Bench) -> None:
    """Answers several messages, one after the other"""
    server = bench.udp_server()
    client = server.client()
    for _ in range(3):
        server.ask(client, bench.words.sentence())


@check("udp_server", points=3, after=ANSWERS)
def test_udp_server_answers_several_clients(bench: Bench) -> None:
    """Answers one client after another"""
    server = bench.udp_server()
    for _ in range(3):
        server.ask(server.client(), bench.words.sentence())


@check("udp_server", points=3, after=ANSWERS)
def test_udp_server_answers_the_sender(bench: Bench) -> None:
    """Answers each client at the address the datagram came from"""
    server = bench.udp_server()
    one, two = server.client(), server.client()
    first, second = bench.words.sentence(), bench.words.sentence()
    with server.held():
        server.send(one, first.text)
        server.send(two, second.text)
    server.receive(one, first)
    server.receive(two, second)


@check("udp_server", points=2, after=ANSWERS)
def test_udp_server_keeps_other_characters(bench: Bench) -> None:
    """Leaves capitals, digits and punctuation as they are"""
    server = bench.udp_server()
    server.ask(server.client(), bench.words.other_characters())


@check("udp_server", points=2, after=ANSWERS)
def test_udp_server_answers_short_and_long(bench: Bench) -> None:
    """Answers one byte, and 900 bytes, in full"""
    server = bench.udp_server()
    client = server.client()
    server.ask(client, bench.words.letter())
    server.ask(client, bench.words.long())


@check("udp_server", points=2, after=ANSWERS)
def test_udp_server_survives_an_empty_datagram(bench: Bench) -> None:
    """Goes on after an empty datagram"""
    server = bench.udp_server()
    one, two, phrase = server.client(), server.client(), bench.words.sentence()
    with server.held():
        server.send(one, "")
        server.send(two, phrase.text)
    with after("an empty datagram", "quits-on-empty-message"):
        server.receive(two, phrase)


@check("udp_server", points=1, after=ANSWERS)
def test_udp_server_answers_once(bench: Bench) -> None:
    """Answers each message once, and nobody else"""
    server = bench.udp_server()
    one, bystander = server.client(), server.client()
    server.ask(bystander, bench.words.sentence())
    server.ask(one, bench.words.sentence())
    server.ask(one, bench.words.sentence())
    claim_nothing_else_was_sent(server, bystander)


@check("udp_client", points=3)
def test_udp_client_sends_a_datagram(bench: Bench) -> None:
    """Sends a datagram"""
    bench.udp_client().until_sent()


@check("udp_client", points=2, after=SENDS)
def test_udp_client_sends_to_port_12000(bench: Bench) -> None:
    """Sends it to port 12000 of this machine"""
    client = bench.udp_client()
    client.until_sent()
    claim_destination(client)


@check("udp_client", points=4, after=SENDS)
def test_udp_client_sends_what_was_typed(bench: Bench) -> None:
    """Sends exactly the line that was typed"""
    client = bench.udp_client(bench.words.other_characters())
    client.until_sent()
    claim_message(client)


@check("udp_client", points=2, after=SENDS)
def test_udp_client_sends_once(bench: Bench) -> None:
    """Sends it once, as one datagram"""
    client = bench.udp_client()
    client.until_sent()
    client.reply(bench.words.unrelated(client.phrase))
    client.until_done()
    claim_one_datagram(client)


@check("udp_client", points=2, after=SENDS)
def test_udp_client_waits_for_the_line(bench: Bench) -> None:
    """Sends nothing before the line was typed"""
    client = bench.udp_client()
    client.until_sent()
    claim_typed_first(client)


@check("udp_client", points=2, after=SENDS)
def test_udp_client_uses_an_ephemeral_port(bench: Bench) -> None:
    """Lets the system choose its own port"""
    client = bench.udp_client()
    client.until_sent()
    claim_port_of_its_own(client, again=client.until_sent)


@check("udp_client", points=3, after=SENDS)
def test_udp_client_shows_the_answer(bench: Bench) -> None:
    """Shows the answer that arrived"""
    client = bench.udp_client()
    client.until_sent()
    client.answer_and_see(bench.words.unrelated(client.phrase))


@check("udp_client", points=1, after=SHOWS)
def test_udp_client_shows_text(bench: Bench) -> None:
    """Shows it as text, not as bytes"""
    client = bench.udp_client()
    client.until_sent()
    answer = bench.words.unrelated(client.phrase)
    client.answer_and_see(answer)
    claim_shown_as_text(client, answer)


@check("udp_client", points=1, after=SHOWS)
def test_udp_client_shows_a_long_answer(bench: Bench) -> None:
    """Shows an answer of 900 bytes in full"""
    client = bench.udp_client(bench.words.long())
    client.until_sent()
    client.answer_and_see(bench.words.long().answer)


@check("udp_client", points=2, after=SHOWS)
def test_udp_client_ends(bench: Bench) -> None:
    """Ends by itself after the answer"""
    client = bench.udp_client()
    client.until_sent()
    client.answer_and_see(bench.words.unrelated(client.phrase))
    claim_ended_well(client)


@check("udp_client", points=2, after=SHOWS)
def test_udp_client_works_with_the_reference_server(bench: Bench) -> None:
    """Works with the reference server"""
    bench.meet("udp_client", bench.reference("udp_server", at=bench.stage.port_of("udp_client")))


@check("udp_pair", points=2, after=(ANSWERS, SHOWS))
def test_udp_pair_works_together(bench: Bench) -> None:
    """Your client and your server work together"""
    bench.meet("udp_client", bench.script("udp_server"))
