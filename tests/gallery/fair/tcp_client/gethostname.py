# What: the server runs on this machine, so it asks the machine for its name.
import socket

serverName = socket.gethostname()
clientSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
clientSocket.connect((serverName, 12000))
sentence = input("Input lowercase sentence:")
clientSocket.send(sentence.encode())
print("From Server:", clientSocket.recv(1024).decode())
clientSocket.close()
