# What: asks first and makes its socket afterwards, everything in one function.
from socket import *


def main():
    sentence = input("Sentence for the server: ")
    clientSocket = socket(AF_INET, SOCK_DGRAM)
    sent = clientSocket.sendto(bytes(sentence, "utf-8"), ("127.0.0.1", 12000))
    print(sent, "bytes sent")
    reply, address = clientSocket.recvfrom(4096)
    print(len(reply), "bytes received from", address)
    print(str(reply, "utf-8"))
    clientSocket.close()


main()
