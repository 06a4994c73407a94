# What: one variable for what recvfrom returns.
# Cause: tuple-not-unpacked
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *
clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(("localhost", 12000))
clientSocket.send(input("Input lowercase sentence:").encode())
modifiedSentence = clientSocket.recvfrom(1024)
print("From Server:", modifiedSentence.decode())
clientSocket.close()
