# What: shuts its sending side down after the sentence.
import socket

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.connect(("localhost", 12000))
    sock.sendall(input("sentence: ").encode())
    sock.shutdown(socket.SHUT_WR)
    answer = b""
    while chunk := sock.recv(65535):
        answer += chunk
print("answer:", answer.decode())
