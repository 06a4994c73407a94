# What: decodes the answer, and then decodes the text.
# Cause: encode-on-bytes
# Line: 12
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *
clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(("localhost", 12000))
sentence = input("Input lowercase sentence:")
clientSocket.send(sentence.encode())
modifiedSentence = clientSocket.recv(1024).decode()
print("From Server:", modifiedSentence.decode())
clientSocket.close()
