"""Mutants that are no mistakes: they behave as the reference does, or DESIGN says that they cost no points.

The rows are gone through by a test: each must be the key of a mutant that is made (see `Mutant`), and lose nothing.
"""

from __future__ import annotations

_UDP_CLIENT, _UDP_SERVER = ("udp_client",), ("udp_server",)
_TCP_CLIENT, _TCP_SERVER = ("tcp_client",), ("tcp_server",)
_CLIENTS, _SERVERS = _UDP_CLIENT + _TCP_CLIENT, _UDP_SERVER + _TCP_SERVER

_ORDER = "neither of the two needs the other to come first"
_SCREEN = "what a program says beside the answer is free, and a server may say nothing"
_ROOM = "900 bytes fit, and longer messages are not graded"
_UNUSED = "the variable is not used afterwards"
_HERE = "another spelling of this machine"
_LEFT_OPEN = "a client that does not close its socket gets a remark, and loses no points"

_ROWS: tuple[tuple[tuple[str, ...], str, str, tuple[str, ...]], ...] = (
    (_CLIENTS, "swap", _ORDER, ("SERVER_PORT = 12000 / SERVER_NAME = 'localhost'",)),
    (
        *(_UDP_CLIENT, "swap", _ORDER),
        (
            "SERVER_NAME = 'localhost' / from socket import AF_INET, SOCK_DGRAM, socket",
            "client_socket = socket(AF_INET, SOCK_DGRAM) / SERVER_PORT = 12000",
            "message = input('Input lowercase sentence: ') / client_socket = socket(AF_INET, SOCK_DGRAM)",
            "client_socket.close() / print(modified_message.decode())",
        ),
    ),
    (
        *(_UDP_SERVER, "swap", _ORDER),
        (
            "SERVER_PORT = 12000 / from socket import AF_INET, SOCK_DGRAM, socket",
            "server_socket = socket(AF_INET, SOCK_DGRAM) / SERVER_PORT = 12000",
            "print('The server is ready to receive') / server_socket.bind(('', SERVER_PORT))",
        ),
    ),
    (
        *(_TCP_CLIENT, "swap", _ORDER),
        (
            "SERVER_NAME = 'localhost' / from socket import AF_INET, SOCK_STREAM, socket",
            "client_socket = socket(AF_INET, SOCK_STREAM) / SERVER_PORT = 12000",
            "sentence = input('Input lowercase sentence: ') / client_socket.connect((SERVER_NAME, SERVER_PORT))",
            "client_socket.close() / print('From Server:', modified_sentence.decode())",
        ),
    ),
    (
        *(_TCP_SERVER, "swap", _ORDER),
        (
            "SERVER_PORT = 12000 / from socket import AF_INET, SOCK_STREAM, socket",
            "server_socket = socket(AF_INET, SOCK_STREAM) / SERVER_PORT = 12000",
            "print('The server is ready to receive') / server_socket.listen(1)",
        ),
    ),
    (_SERVERS, "swap", _SCREEN, ("while True: / print('The server is ready to receive')",)),
    (_SERVERS, "loop", _SCREEN, ("around print('The server is ready to receive')",)),
    (_SERVERS, "deletion", _SCREEN, ("print('The server is ready to receive')",)),
    (_SERVERS, "call", _SCREEN, ("'The server is ready to receive'",)),
    (_SERVERS, "argument", _SCREEN, ("print()",)),
    (_SERVERS, "name", _SCREEN, ("str('The server is ready to receive')",)),
    (_SERVERS, "constant", _SCREEN, ("print('')", "print('The server is ready to receive ')")),
    (_UDP_CLIENT, "argument", _SCREEN, ("message = input()",)),
    (_UDP_CLIENT, "constant", _SCREEN, ("message = input('')", "message = input('Input lowercase sentence:  ')")),
    (_TCP_CLIENT, "argument", _SCREEN, ("sentence = input()",)),
    (_TCP_CLIENT, "constant", _SCREEN, ("sentence = input('')", "sentence = input('Input lowercase sentence:  ')")),
    (
        *(_TCP_CLIENT, "argument", _SCREEN),
        ("print(modified_sentence.decode())", "print(modified_sentence.decode(), 'From Server:')"),
    ),
    (
        *(_TCP_CLIENT, "constant", _SCREEN),
        ("print('', modified_sentence.decode())", "print('From Server: ', modified_sentence.decode())"),
    ),
    (
        *(_UDP_CLIENT, "constant", _ROOM),
        tuple(f"modified_message, server_address = client_socket.recvfrom({size})" for size in (1024, 2047, 2049)),
    ),
    (
        *(_UDP_SERVER, "constant", _ROOM),
        tuple(f"message, client_address = server_socket.recvfrom({size})" for size in (1024, 2047, 2049)),
    ),
    (_TCP_CLIENT, "constant", _ROOM, tuple(f"modified_sentence = client_socket.recv({size})" for size in (1023, 1025))),
    (
        *(_TCP_SERVER, "constant", _ROOM),
        tuple(f"sentence = connection_socket.recv({size}).decode()" for size in (1023, 1025)),
    ),
    (
        *(_UDP_CLIENT, "name", _UNUSED),
        tuple(
            f"modified_message, {name} = client_socket.recvfrom(2048)"
            for name in ("SERVER_NAME", "SERVER_PORT", "message")
        ),
    ),
    (
        *(_TCP_SERVER, "name", _UNUSED),
        tuple(
            f"connection_socket, {name} = server_socket.accept()"
            for name in ("SERVER_PORT", "capitalized_sentence", "sentence")
        ),
    ),
    (_CLIENTS, "constant", _HERE, ("SERVER_NAME = ''", "SERVER_NAME = '127.0.0.1'")),
    (
        *(_SERVERS, "constant", "a server at the loopback alone gets a remark, and loses no points"),
        ("server_socket.bind(('localhost', SERVER_PORT))", "server_socket.bind(('127.0.0.1', SERVER_PORT))"),
    ),
    (
        *(_SERVERS, "constant", "the empty host means every interface, and so does this"),
        ("server_socket.bind(('0.0.0.0', SERVER_PORT))",),
    ),
    (_SERVERS, "name", "a socket of IP version 6 serves both versions on Linux", ("AF_INET6 for AF_INET",)),
    (_CLIENTS, "deletion", _LEFT_OPEN, ("client_socket.close()",)),
    (_CLIENTS, "call", _LEFT_OPEN, ("client_socket.close",)),
    (_CLIENTS, "name", _LEFT_OPEN, ("client_socket.detach()",)),
    (
        *(_UDP_CLIENT, "argument", "AF_INET and SOCK_DGRAM are the same number, 2"),
        ("client_socket = socket(SOCK_DGRAM, AF_INET)",),
    ),
    (
        *(_UDP_SERVER, "argument", "AF_INET and SOCK_DGRAM are the same number, 2"),
        ("server_socket = socket(SOCK_DGRAM, AF_INET)",),
    ),
    (_TCP_CLIENT, "argument", "SOCK_STREAM is the default", ("client_socket = socket(AF_INET)",)),
    (_TCP_SERVER, "argument", "SOCK_STREAM is the default", ("server_socket = socket(AF_INET)",)),
    (_TCP_CLIENT, "name", "sends all that send() sends", ("client_socket.sendall(sentence.encode())",)),
    (_TCP_SERVER, "name", "sends all that send() sends", ("connection_socket.sendall(capitalized_sentence.encode())",)),
    (
        *(_TCP_CLIENT, "name", "differs where no server is, which is not graded"),
        ("client_socket.connect_ex((SERVER_NAME, SERVER_PORT))",),
    ),
    (_TCP_SERVER, "argument", "the default backlog is larger than 1", ("server_socket.listen()",)),
    (
        *(_TCP_SERVER, "constant", "clients that find no room in the backlog are served later, and late is in time"),
        ("server_socket.listen(0)", "server_socket.listen(2)"),
    ),
    (
        *(_UDP_CLIENT, "name", "the answer is shown as a prompt; what is asked for after it is not graded"),
        ("input(modified_message.decode())",),
    ),
)

EQUAL = {
    (program, kind, change): reason
    for programs, kind, reason, changes in _ROWS
    for program in programs
    for change in changes
}
"""The reason why each is equal, by the mutant's key."""
