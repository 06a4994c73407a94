"""The steps of the notebooks, where causes say to read on."""

from __future__ import annotations

from grading.diagnosis.causes.cause import Place

IDEA = Place("01_sockets", 1, "Socket programming")
MODULE = Place("02_creating_a_socket", 1, "Python's socket module")
ADDRESS = Place("02_creating_a_socket", 2, "Socket families")
TYPE = Place("02_creating_a_socket", 3, "socket.socket")
ROLES = Place("03_methods", 1, "Important methods")
SENDTO = Place("03_methods", 2, "socket.sendto and socket.recvfrom")
SEND = Place("03_methods", 3, "socket.recv and socket.send")
WELCOME = Place("03_methods", 4, "socket.bind and socket.listen and socket.accept")
CONNECT = Place("03_methods", 5, "socket.connect")
CLOSE = Place("03_methods", 6, "socket.close")
UDP_ORDER = Place("04_udp", 1, "Client/server socket interaction: UDP")
UDP_ASK = Place("04_udp", 2, "Example app: UDP client")
UDP_SHOW = Place("04_udp", 3, "Example app: UDP client")
UDP_BIND = Place("04_udp", 4, "Example app: UDP server")
UDP_ANSWER = Place("04_udp", 5, "Example app: UDP server")
UDP_LOOP = Place("04_udp", 6, "Example app: UDP server")
TCP_ORDER = Place("05_tcp", 1, "Client/server socket interaction: TCP")
TCP_ASK = Place("05_tcp", 2, "Example app: TCP client")
TCP_SHOW = Place("05_tcp", 3, "Example app: TCP client")
TCP_BIND = Place("05_tcp", 4, "Example app: TCP server")
TCP_ANSWER = Place("05_tcp", 5, "Example app: TCP server")
TCP_LOOP = Place("05_tcp", 6, "Example app: TCP server")
