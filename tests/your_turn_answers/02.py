"""What solves "your turn" in notebooks/02_creating_a_socket.ipynb, and what does not."""

ANSWERS: dict[str, dict[str, list[str] | dict[str, str]]] = {
    "address": {
        "right": [
            'address = ("localhost", 12000)',
            'address = "127.0.0.1", 12000',
        ],
        "wrong": {
            'address = "localhost:12000"': "has to be a tuple",
            'address = ["localhost", 12000]': "has to be a tuple",
            "address = 12000": "has to be a tuple",
            'address = ("localhost",)': "has two parts",
            'address = ("localhost", 12000, 0, 0)': "has two parts",
            'address = ("localhost", "12000")': "is text",
            'address = (12000, "localhost")': "the host comes first",
            'address = ("", 12000)': "the empty host",
            'address = ("::1", 12000)': "no host of AF_INET",
            'address = ("www.example.org", 12000)': "runs on this machine",
            'address = ("localhost", 80)': "not at 80",
            'address = ("localhost", 12000.0)': "is an integer",
            """
class Odd(tuple):
    def __iter__(self):
        raise KeyError

address = Odd((1, 2))
""": "cannot be checked",
        },
    },
    "sock": {
        "right": [
            "import socket\nsock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
            "import socket\nsock = socket.socket(type=socket.SOCK_DGRAM)",
        ],
        "wrong": {
            "import socket\nsock = socket.socket()": "it is SOCK_STREAM",
            "import socket\nsock = socket.socket(socket.SOCK_DGRAM)": "it is SOCK_STREAM",
            "import socket\nsock = socket.socket": "parentheses are missing",
            "import socket\nsock = socket": "parentheses are missing",
            "sock = 4": "not a socket",
            "import socket\nsock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)": "family is AF_INET6",
            "import socket\nsock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nsock.close()": "closed already",
            """
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", 0))
""": "bound to a port",
        },
    },
    "port": {
        "right": [
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
""",
            """
import socket

def free_port():
    sock = socket.socket(type=socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    host, port = sock.getsockname()
    sock.close()
    return port
""",
        ],
        "wrong": {
            "free_port = 12000": "no function any more",
            "def free_port():\n    return 12001": "no socket was bound",
            "def free_port(host):\n    return 0": "raised TypeError",
            "def free_port():\n    while True:\n        pass": "does not come back",
            """
import socket

def free_port():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    return sock.getsockname()[1]
""": "still open",
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 54321))
        return sock.getsockname()[1]
""": "asked for port 54321",
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()
""": "the whole address",
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        port = sock.getsockname()[1]
        sock.bind(("127.0.0.1", 0))
        return port
""": "returns 0",
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
    return sock.getsockname()[1]
""": "Bad file descriptor",
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        print(sock.getsockname()[1])
""": "returns None",
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return str(sock.getsockname()[1])
""": "of type str",
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return 12000
""": "the system chose",
            """
import socket

def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind("127.0.0.1", 0)
        return sock.getsockname()[1]
""": "takes exactly one argument",
        },
    },
}
