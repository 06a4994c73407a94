# What: host and port from the command line, with defaults.
import sys
from socket import *

host = sys.argv[1] if len(sys.argv) > 1 else "localhost"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 12000

client = socket(AF_INET, SOCK_STREAM)
client.connect((host, port))
client.send(input("text: ").encode())
print("reply:", client.recv(1024).decode())
client.close()
