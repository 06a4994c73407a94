# What: catches what a user or a network may do.
import socket
import sys

try:
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.connect(("localhost", 12000))
except ConnectionRefusedError:
    print("Is the server running?")
    sys.exit(1)

try:
    sentence = input("Input lowercase sentence: ")
    client.send(sentence.encode())
    print("From Server:", client.recv(1024).decode())
except KeyboardInterrupt:
    print("interrupted")
finally:
    client.close()
    sys.exit(0)
