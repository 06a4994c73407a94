# What: a new connection for each sentence, until quit or the end of input.
from socket import *

while True:
    try:
        sentence = input("sentence or quit> ")
    except (EOFError, KeyboardInterrupt):
        print()
        break
    if sentence.lower() in ("quit", "exit"):
        break
    clientSocket = socket(AF_INET, SOCK_STREAM)
    clientSocket.connect(("localhost", 12000))
    clientSocket.send(sentence.encode())
    print(clientSocket.recv(1024).decode())
    clientSocket.close()
