"""Causes that lie in the socket and its calls: of which type, to whom, and in which order."""

from __future__ import annotations

from grading.diagnosis.causes.cause import Cause, Group
from grading.diagnosis.causes.steps import (
    ADDRESS,
    CONNECT,
    ROLES,
    SEND,
    SENDTO,
    TCP_ANSWER,
    TCP_BIND,
    TCP_ORDER,
    TYPE,
    UDP_ANSWER,
    UDP_BIND,
    UDP_ORDER,
    WELCOME,
)

ADDRESSEES = Group(
    "The wrong socket or address",
    "Two programs meet where the protocol, the host and the port are the same at both ends.",
    (
        Cause(
            slug="wrong-socket-type",
            title="The socket is of the other type",
            looks="A call that the type does not have fails: `listen` on a datagram socket (`Operation not "
            "supported`), `recvfrom` on a new stream socket (`not connected`). Or both ends wait, though their "
            "ports agree.",
            why="UDP and TCP are two protocols with 65,536 port numbers each: a datagram for UDP port 12000 never "
            "reaches a program at TCP port 12000. The type given when the socket is made says which one it speaks.",
            advice="UDP needs `SOCK_DGRAM`, TCP needs `SOCK_STREAM` (which is also what no type at all means).",
            code="server_socket = socket(AF_INET, SOCK_DGRAM)  # UDP\n"
            "server_socket = socket(AF_INET, SOCK_STREAM)  # TCP",
            udp=TYPE,
            tcp=TYPE,
        ),
        Cause(
            slug="wrong-port",
            title="The program uses another port",
            looks="A TCP client is refused (`ConnectionRefusedError`), a UDP client sends and waits for ever. A "
            "server at another port looks ready, and nobody comes.",
            why="The host's address leads to a machine, the port to one program on it: the system hands a message to "
            "the socket that is bound to exactly that number, or to nobody. UDP does not even tell the sender.",
            advice="Use port 12000 at both ends: client and server meet only where the numbers are the same.",
            code="SERVER_PORT = 12000",
            udp=ADDRESS,
            tcp=ADDRESS,
        ),
        Cause(
            slug="wrong-host",
            title="The program uses another host",
            looks="`gaierror: Name or service not known` for a name that does not exist; with somebody else's "
            "address, a long silence. A server that binds it ends with `Cannot assign requested address`.",
            why="A name is looked up before anything is sent, and the slides' `hostname` and `servername` only hold "
            "the place of a real one. `localhost` is always the machine itself. A server can bind its own machine's "
            "addresses only; bound to `localhost`, it is not reached from other machines.",
            advice="To reach a server on your own machine use `localhost`; a server that binds `''` is reached at "
            "every address of its machine.",
            code='SERVER_NAME = "localhost"',
            udp=ADDRESS,
            tcp=ADDRESS,
        ),
        Cause(
            slug="no-destination",
            title="A datagram was sent without an address",
            looks="`OSError: Destination address required` from `send`, or a `TypeError` from `sendto` with the "
            "message alone, or from `send` with an address. Nothing was sent.",
            why="A datagram socket has no other end: the next datagram may go to anybody, so each is told where it "
            "goes. Only a socket that was connected remembers an address.",
            advice="UDP has no connection: give the address with each datagram, `sendto(data, (host, port))`.",
            code="client_socket.sendto(message.encode(), (SERVER_NAME, SERVER_PORT))",
            udp=SENDTO,
            tcp=SEND,
        ),
        Cause(
            slug="wrong-destination",
            title="The answer went to somebody else",
            looks="One client at a time is served well. With two, one gets the other's answer, or an answer more "
            "than it asked for, and the other waits.",
            why="Every receive tells the sender of that one datagram. The system gives each client a port of its "
            "own, so an address kept from before, or written into the program, is another client's. Threads that "
            "share a variable find the next client's value in it.",
            advice="Answer the address that came with the message: the second value that `recvfrom` returned for it.",
            code="server_socket.sendto(modified_message.encode(), client_address)",
            udp=UDP_ANSWER,
            tcp=TCP_ANSWER,
        ),
    ),
)

ORDER = Group(
    "The order of calls",
    "A server binds (with TCP: listens and accepts) before a client comes; the client (with TCP: connects and) "
    "speaks first.",
    (
        Cause(
            slug="missing-bind",
            title="The server was never bound to its port",
            looks="The server says that it is ready, and no message reaches it: a UDP client waits for ever, a TCP "
            "client is refused.",
            why="Without `bind` a socket has no port, or one that the system picks from the free ones. A client must "
            "know where to send before it has heard anything, so the server asks for the agreed number itself.",
            advice="Call `bind(('', 12000))` on the server's socket before it waits.",
            code='server_socket.bind(("", SERVER_PORT))',
            udp=UDP_BIND,
            tcp=TCP_BIND,
        ),
        Cause(
            slug="missing-listen",
            title="The server's socket does not listen",
            looks="`accept` fails at once with `OSError: Invalid argument`, and clients are refused.",
            why="`bind` gives a socket its port and no more. `listen` makes a welcoming socket of it: from then on "
            "the system shakes hands with clients and lets them queue, in the backlog, for `accept`.",
            advice="Call `listen(1)` after `bind` and before `accept`.",
            code="server_socket.listen(1)",
            udp=ROLES,
            tcp=WELCOME,
        ),
        Cause(
            slug="missing-accept",
            title="The server never accepts a connection",
            looks="Clients connect and send without an error, and no answer comes; or the server ends with "
            "`Transport endpoint is not connected`, because it reads from its welcoming socket.",
            why="The system shakes hands for every socket that listens, so `connect` succeeds before the server's "
            "program has done anything. The connection waits until `accept` returns a socket for it; the welcoming "
            "socket never carries a message.",
            advice="Call `accept()` in the loop. It returns a new socket: talk to the client with that one.",
            code="connection_socket, client_address = server_socket.accept()",
            udp=ROLES,
            tcp=WELCOME,
        ),
        Cause(
            slug="missing-connect",
            title="The client never connects",
            looks="`BrokenPipeError` from `send`, or `Transport endpoint is not connected` from `recv`. The server "
            "notices nothing.",
            why="A stream runs between two ends, and there is none until a handshake has made it: `connect` asks "
            "for that handshake. Before it, the socket has nowhere to put the bytes.",
            advice="Call `connect((host, port))` before the first `send` or `recv`.",
            udp=ROLES,
            tcp=CONNECT,
        ),
        Cause(
            slug="receive-before-send",
            title="The client waits for an answer before it has sent anything",
            looks="No error and no end: the client waits in its receive, and so does the server.",
            why="A receive waits until something arrives, for ever if need be. Where both ends wait for the other "
            "to begin, nobody ever does; so every protocol says who speaks first, and here the client does.",
            advice="The client speaks first: send, then receive. A server cannot answer what it was not sent.",
            udp=UDP_ORDER,
            tcp=TCP_ORDER,
        ),
    ),
)
