# What: a zero is missing in the port.
# Cause: wrong-port
# Line: 7
# Fails: connects_to_port_12000
from socket import *
clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(("localhost", 1200))
sentence = input("Input lowercase sentence:")
clientSocket.send(sentence.encode())
print("From Server:", clientSocket.recv(1024).decode())
clientSocket.close()
