# What: compares bytes with "", so that it never sees the end of the stream.
# Cause: hang
# Fails: ends
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("localhost", 12000))
sock.sendall(input("Sentence: ").encode())
while True:
    part = sock.recv(1024)
    if part == "":
        break
    if part:
        print(part.decode(), flush=True)
sock.close()
