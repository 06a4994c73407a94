"""What solves "your turn" in notebooks/01_sockets.ipynb, and what does not."""

ANSWERS: dict[str, dict[str, list[str] | dict[str, str]]] = {
    "kinds": {
        "right": [
            """
kinds = {
    "download a program": "stream",
    "the voices of a live call": "datagram",
    "type commands on another machine, for an hour": "stream",
    "ask a name server for one address (and ask again if no answer comes)": "datagram",
}
""",
            """
import socket

kinds = dict(zip(kinds, [socket.SOCK_STREAM, "Datagram ", "STREAM", socket.SOCK_DGRAM]))
""",
        ],
        "wrong": {
            "kinds = None": "`kinds` is the dictionary",
            "kinds = {}": "there is no kind yet for: download a program",
            "kinds = dict.fromkeys(kinds, 'stream')": "think again about: the voices of a live call",
            "kinds = dict.fromkeys(kinds, 'datagram')": "think again about: download a program",
            "kinds = dict.fromkeys(kinds, 'TCP')": "'TCP' is neither",
            "kinds = dict.fromkeys(kinds, ['stream'])": "is neither",
            """
class Odd:
    def __str__(self):
        raise KeyError

kinds = dict.fromkeys(kinds, Odd())
""": "cannot be checked",
        },
    },
    "ask": {
        "right": [
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), ("localhost", port))
    answer, server_address = client.recvfrom(2048)
    client.close()
    return answer.decode()
""",
            """
import socket

def ask(port, line):
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", port))
        client.send(line.encode())
        return client.recv(2048).decode()
""",
        ],
        "wrong": {
            "ask = None": "no function any more",
            "def ask(port, line):\n    return line.upper()": "nothing has arrived at the server",
            "def ask(port):\n    return None": "raised TypeError",
            "def ask(port, line):\n    while True:\n        pass": "does not come back",
            "def ask(port, line):\n    raise SystemExit": "raised SystemExit",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line, ("localhost", port))
    return client.recv(2048).decode()
""": "`line.encode()`",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), "localhost", port)
    return client.recv(2048).decode()
""": "An address is one pair",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), ("localhost", port))
    return client.recvfrom(2048).decode()
""": "unpack both",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), ("localhost", port))
    answer, server_address = client.recv(2048)
    return answer.decode()
""": "`recv` returns the bytes alone",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), ("localhost", port))
    return client.recvfrom(2048)
""": "the pair of `recvfrom`",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), ("localhost", port))
    return client.recv(2048)
""": "These are bytes",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), ("localhost", port))
    print(client.recv(2048).decode())
""": "your function returns None",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), ("localhost", port))
    client.recv(2048)
    return client.recv(2048).decode()
""": "waited for more",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return client.recv(2048).decode()
""": "nothing has arrived at the server",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.bind(("127.0.0.1", port))
    client.sendto(line.encode(), ("127.0.0.1", port))
    return client.recv(2048).decode()
""": "A client does not bind",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.connect(("localhost", port))
    client.send(line.encode())
    return client.recv(2048).decode()
""": "no connection: use SOCK_DGRAM",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(b"hello", ("localhost", port))
    return client.recv(2048).decode()
""": "Send `line` as it is",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for _ in range(3):
        client.sendto(line.encode(), ("localhost", port))
    return client.recv(2048).decode()
""": "asked 3 times",
            """
import socket

def ask(port, line):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(line.encode(), ("localhost", port))
    return client.recv(5).decode()
""": "the server's answer was",
        },
    },
    "translation": {
        "right": [
            """
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", 0))
""",
            """
import socket

sock = socket.socket(type=socket.SOCK_DGRAM)
sock.bind(("localhost", 0))
""",
        ],
        "wrong": {
            "sock = 3": "of type int, not a socket",
            "import socket\nsock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)": "it is not bound",
            "import socket\nsock = socket.socket()\nsock.bind(('127.0.0.1', 0))": "AF_INET and SOCK_STREAM",
            "import socket\nsock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind(('', 0))": "`sock` is None",
            """
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 0))
""": "an empty host means every address",
            """
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.bind(("127.0.0.1", 0))
""": "`sock` is closed",
        },
    },
}
