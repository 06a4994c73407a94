"""Answers to notebook 3, right and wrong, each with a part of what its check has to say."""

ANSWERS = {
    "order": {
        "right": [
            'order = ["socket", "bind", "listen", "accept", "recv", "send", "close"]',
            'order = ("socket()", "bind()", "listen()", "accept()", "recv()", "send()", "close()")',
        ],
        "wrong": {
            'order = ["socket"]': "6 of 7 are missing",
            "order = None": "should be a list of names",
            'order = "socket bind listen accept recv send close"': "should be a list of names",
            'order = ["socket", "listen", "bind", "accept", "recv", "send", "close"]': "listen stands before bind",
            'order = ["bind", "socket", "listen", "accept", "recv", "send", "close"]': "bind stands before socket",
            'order = ["socket", "bind", "accept", "listen", "recv", "send", "close"]': "accept stands before listen",
            'order = ["socket", "bind", "listen", "recv", "accept", "send", "close"]': "recv stands before accept",
            'order = ["socket", "bind", "listen", "accept", "send", "recv", "close"]': "send stands before recv",
            'order = ["socket", "bind", "listen", "accept", "recv", "close", "send"]': "close stands before send",
            'order = ["socket", "bind", "close"]': "4 of 7 are missing",
            'order = ["socket", "bind", "listen", "accept", "recv", "send"]': "1 of 7 is missing",
            'order = ["socket", "bind", "listen", "connect", "recv", "send", "close"]': "connect is the client's",
            'order = ["socket", "bind", "recvfrom", "sendto"]': "recvfrom is for datagrams",
            'order = ["socket", "bind", "listen", "accept", "read", "send", "close"]': "'read' is not a method",
            'order = ["socket", "bind", "listen", "accept", "recv", "recv", "send"]': "recv stands there 2 times",
        },
    },
    "receive": {
        "right": [
            """
def receive_all(connection):
    received = b""
    while True:
        piece = connection.recv(1024)
        if not piece:
            return received
        received += piece
""",
            """
def receive_all(connection):
    pieces = []
    while piece := connection.recv(7):
        pieces.append(piece)
    return b"".join(pieces)
""",
            """
def receive_all(connection):
    with connection.makefile("rb") as stream:
        return stream.read()
""",
        ],
        "wrong": {
            "receive_all = None": "should be a function",
            "def receive_all(connection):\n    return connection.recv(1024)": "the first 5 bytes",
            "def receive_all(connection):\n    return connection.recv(1024).decode()": "which is not bytes",
            "def receive_all(connection):\n    connection.recv(1024)": "returns None",
            "def receive_all(connection):\n    return connection.recv()": "it raised TypeError",
            """
def receive_all(connection):
    received = b""
    while True:
        received += connection.recv(1024)
""": "goes on after the end",
            """
def receive_all(connection):
    received = b""
    while True:
        piece = connection.recv(1024)
        received += piece
        if len(piece) < 1024:
            return received
""": "the first 5 bytes",
            """
def receive_all(connection):
    while True:
        piece = connection.recv(1024)
        if not piece:
            return piece
""": "keep each piece",
            """
def receive_all(connection):
    received = b""
    while piece := connection.recv(1024):
        received = piece + received
    return received
""": "not what was sent",
            """
def receive_all(connection):
    while True:
        pass
""": "has not come back",
        },
    },
    "ask": {
        "right": [
            """
def ask(sock, text, address, seconds):
    sock.settimeout(seconds)
    sock.sendto(text.encode(), address)
    try:
        answer, _ = sock.recvfrom(2048)
    except TimeoutError:
        return None
    return answer.decode()
""",
            """
def ask(sock, text, address, seconds):
    sock.connect(address)
    sock.send(text.encode("utf-8"))
    sock.settimeout(seconds)
    try:
        return str(sock.recv(2048), "utf-8")
    except OSError:
        pass
""",
        ],
        "wrong": {
            "ask = None": "should be a function",
            "def ask(sock, text, address, seconds):\n    return None": "received nothing",
            "def ask(sock, text, address, seconds):\n    return text.upper()": "received nothing",
            "def ask(sock, text, address, seconds):\n    sock.sendto(text, address)": "encode the text",
            "def ask(sock, text, address, seconds):\n    sock.sendto(text.encode(), address)": "returns None",
            "def ask(sock, text, address):\n    pass": "it raised TypeError",
            "def ask(sock, text, address, seconds):\n    raise SystemExit": "it raised SystemExit",
            "def ask(sock, text, address, seconds):\n    while True:\n        pass": "received nothing",
            """
def ask(sock, text, address, seconds):
    answer, _ = sock.recvfrom(2048)
    sock.sendto(text.encode(), address)
    return answer.decode()
""": "received nothing",
            """
def ask(sock, text, address, seconds):
    sock.settimeout(seconds)
    sock.sendto(text.encode(), address)
    try:
        return sock.recvfrom(2048)
    except TimeoutError:
        return None
""": "take it apart",
            """
def ask(sock, text, address, seconds):
    sock.settimeout(seconds)
    sock.sendto(text.encode(), address)
    try:
        return sock.recvfrom(2048)[0]
    except TimeoutError:
        return None
""": "decode them",
            """
def ask(sock, text, address, seconds):
    sock.settimeout(seconds)
    sock.sendto(text.encode(), address)
    try:
        return sock.recvfrom(4)[0].decode()
    except TimeoutError:
        return None
""": "it returns 'UN C'",
            """
def ask(sock, text, address, seconds):
    sock.settimeout(seconds)
    sock.sendto(text.encode(), address)
    return sock.recvfrom(2048)[0].decode()
""": "catch that, and return None",
            """
def ask(sock, text, address, seconds):
    sock.sendto(text.encode(), address)
    return sock.recvfrom(2048)[0].decode()
""": "set the socket's timeout",
            """
def ask(sock, text, address, seconds):
    sock.settimeout(seconds)
    sock.sendto(text.encode(), address)
    try:
        return sock.recvfrom(2048)[0].decode()
    except TimeoutError:
        return "no answer"
""": "where None was asked for",
            """
def ask(sock, text, address, seconds):
    for letter in text:
        sock.sendto(letter.encode(), address)
    return sock.recvfrom(2048)[0].decode()
""": "once, as bytes",
        },
    },
}
