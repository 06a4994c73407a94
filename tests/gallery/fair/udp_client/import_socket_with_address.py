# What: imports the module, sends to 127.0.0.1, and uses with.
import socket

SERVER = ("127.0.0.1", 12000)

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    text = input("> ")
    s.sendto(text.encode("utf-8"), SERVER)
    data, _ = s.recvfrom(65535)
    print("<", data.decode("utf-8"))
