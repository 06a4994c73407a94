# What: one variable for what recvfrom returns.
# Cause: tuple-not-unpacked
# Fails: shows_the_answer, works_with_the_reference_server
# Skips: shows_text, shows_a_long_answer, ends
from socket import *
clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(("localhost", 12000))
clientSocket.send(input("Input lowercase sentence:").encode())
modifiedSentence = clientSocket.recvfrom(1024)
print("From Server:", modifiedSentence.decode())
clientSocket.close()
