# What: binds a port of its own choice.
# Cause: client-binds-port
# Line: 8
# Fails: uses_an_ephemeral_port
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.bind(("", 5000))
sock.connect(("127.0.0.1", 12000))
sock.sendall(input("Sentence: ").encode())
print("From Server:", sock.recv(1024).decode())
sock.close()
