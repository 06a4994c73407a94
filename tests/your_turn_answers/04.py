"""What solves "your turn" in notebooks/04_udp.ipynb, and what does not."""

ANSWERS: dict[str, dict[str, list[str] | dict[str, str]]] = {
    "answer-one": {
        "right": [
            """
def answer_one(server):
    message, client_address = server.recvfrom(2048)
    text = message.decode().upper()
    server.sendto(text.encode(), client_address)
""",
            """
def answer_one(server):
    message, sender = server.recvfrom(65535)
    return server.sendto(message.upper(), sender)
""",
        ],
        "wrong": {
            "answer_one = None": "no function",
            "def answer_one(server):\n    return None": "got no answer",
            "def answer_one():\n    return None": "raised TypeError",
            "def answer_one(server):\n    raise SystemExit": "raised SystemExit",
            "def answer_one(server):\n    while True:\n        pass": "has not come back",
            """
def answer_one(server):
    while True:
        message, client_address = server.recvfrom(2048)
        server.sendto(message.upper(), client_address)
""": "needs no loop",
            """
def answer_one(server):
    message, client_address = server.recvfrom(2048)
    server.sendto(message.decode().upper(), client_address)
""": "`encode` the text",
            """
def answer_one(server):
    received = server.recvfrom(2048)
    server.sendto(received.upper(), received)
""": "two names on the left",
            """
def answer_one(server):
    client_address, message = server.recvfrom(2048)
    server.sendto(b"HELLO", client_address)
""": "the bytes first, then the address",
            """
def answer_one(server):
    message = server.recv(2048)
    server.send(message.upper())
""": "`sendto`, with the address",
            """
def answer_one(server):
    message, (host, port) = server.recvfrom(2048)
    server.sendto(message.upper(), host, port)
""": "one argument of `sendto`",
            """
def answer_one(server):
    message, client_address = server.recvfrom(2048)
    server.sendto(message, client_address)
""": "came back as it was",
            """
def answer_one(server):
    message, client_address = server.recvfrom(2048)
    server.sendto(b"HELLO", client_address)
""": "b'FROM ANNA' was due",
            """
def answer_one(server):
    message, client_address = server.recvfrom(2048)
    server.sendto(message.upper(), client_address)
    server.sendto(message.upper(), client_address)
""": "got 2 datagrams",
            """
def answer_one(server, to=[]):
    message, client_address = server.recvfrom(2048)
    to.append(client_address)
    server.sendto(message.upper(), to[0])
""": "ben's answer went to anna",
            """
def answer_one(server):
    message, client_address = server.recvfrom(2048)
    server.sendto(message.upper(), client_address)
    server.close()
""": "closed the socket `server`",
        },
    },
    "ask-again": {
        "right": [
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    for _ in range(attempts):
        sock.sendto(text.encode(), address)
        try:
            answer, _ = sock.recvfrom(2048)
            return answer.decode()
        except TimeoutError:
            pass
    return None
""",
            """
import select

def ask_again(sock, text, address, attempts):
    while attempts:
        sock.sendto(text.encode(), address)
        if select.select([sock], [], [], 0.2)[0]:
            return sock.recv(2048).decode()
        attempts -= 1
""",
        ],
        "wrong": {
            "ask_again = 3": "no function",
            "def ask_again(sock, text, address, attempts):\n    return None": "nothing has arrived",
            "def ask_again(sock):\n    return None": "raised TypeError",
            "def ask_again(sock, text, address, attempts):\n    while True:\n        pass": "has not come back",
            """
def ask_again(sock, text, address, attempts):
    sock.sendto(text, address)
""": "`encode` the text",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    sock.sendto(text.encode(), address)
    return sock.recvfrom(2048)[0].decode()
""": "after question 1 it raised TimeoutError",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    sock.sendto(text.encode(), address)
    try:
        return sock.recvfrom(2048)[0].decode()
    except TimeoutError:
        return None
""": "it asked once and gave up",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    while True:
        sock.sendto(text.encode(), address)
        try:
            return sock.recvfrom(2048)[0].decode()
        except TimeoutError:
            pass
""": "Count the attempts",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    for _ in range(attempts):
        sock.sendto(text.encode(), address)
    return sock.recvfrom(2048)[0].decode()
""": "Wait for the answer before you ask again",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    for _ in range(attempts):
        sock.sendto(text.encode(), address)
        try:
            return sock.recvfrom(2048)[0]
        except TimeoutError:
            pass
""": "`decode` them",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    for _ in range(attempts):
        sock.sendto(text.encode(), address)
        try:
            return sock.recvfrom(2048)
        except TimeoutError:
            pass
""": "the pair of `recvfrom`",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    for _ in range(attempts):
        sock.sendto(text.encode(), address)
        try:
            return sock.recvfrom(2048)[0].decode()
        except TimeoutError:
            pass
    return ""
""": "it returned '', and None was due",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    while attempts:
        sock.sendto(text.encode(), address)
        attempts -= 1
        try:
            return sock.recvfrom(2048)[0].decode()
        except TimeoutError:
            if not attempts:
                raise
""": "Return None after the last attempt",
            """
def ask_again(sock, text, address, attempts):
    sock.settimeout(0.2)
    for _ in range(5):
        sock.sendto(text.encode(), address)
        try:
            return sock.recvfrom(2048)[0].decode()
        except TimeoutError:
            pass
""": "3 attempts allowed, it asked 5 times",
        },
    },
}
