# What: one datagram for each line of standard input, without a prompt.
import socket
import sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    sock.sendto(line.rstrip("\n").encode(), ("localhost", 12000))
    reply, _ = sock.recvfrom(2048)
    print(reply.decode(), flush=True)
sock.close()
