# What: writes the answer to stderr, without a newline at the end.
import socket
import sys

sys.stdout.write("line? ")
sys.stdout.flush()
line = sys.stdin.readline().strip()
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.sendto(line.encode(), ("localhost", 12000))
reply = sock.recvfrom(2048)[0]
sys.stderr.write(reply.decode())
sock.close()
