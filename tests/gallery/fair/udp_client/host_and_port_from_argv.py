# What: host and port from the command line, with defaults.
import argparse
import socket

parser = argparse.ArgumentParser(description="upper-case client")
parser.add_argument("host", nargs="?", default="localhost")
parser.add_argument("port", nargs="?", type=int, default=12000)
args = parser.parse_args()

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line = input("Message: ")
sock.sendto(line.encode(), (args.host, args.port))
reply, server = sock.recvfrom(2048)
print(f"{server[0]}:{server[1]} says {reply.decode()}")
sock.close()
