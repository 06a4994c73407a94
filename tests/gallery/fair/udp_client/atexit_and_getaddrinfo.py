# What: looks the server up with getaddrinfo, and closes the socket by atexit.
import atexit
import socket

family, kind, proto, _, address = socket.getaddrinfo(
    "localhost", 12000, socket.AF_INET, socket.SOCK_DGRAM
)[0]
sock = socket.socket(family, kind, proto)
atexit.register(sock.close)

sentence = input("Input lowercase sentence: ")
sock.sendto(sentence.encode(), address)
print("The server said: '%s'" % sock.recv(2048).decode())
