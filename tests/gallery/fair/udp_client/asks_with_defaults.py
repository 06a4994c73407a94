# What: an empty line at the prompts for host and port means the default.
import socket

host = input("host [localhost]: ") or "localhost"
port = int(input("port [12000]: ") or "12000")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    words = input("Type your important words, they will be shipped to the server: ")
    sock.sendto(words.encode(), (host, port))
    print(sock.recvfrom(2048)[0].decode())
