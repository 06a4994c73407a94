# What: goes into the background as daemons do, and serves from there.
import os
import socket
import sys


def daemonise():
    if os.fork() > 0:
        os._exit(0)
    os.setsid()
    if os.fork() > 0:
        os._exit(0)


if hasattr(os, "fork"):
    daemonise()
else:
    print("no fork on this system", file=sys.stderr)

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
while True:
    data, addr = sock.recvfrom(2048)
    sock.sendto(data.decode().upper().encode(), addr)
