# What: sends str() of the bytes, so that b'...' is on the wire.
# Cause: missing-decode
# Line: 12
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(("localhost", 12000))
sentence = input("Input lowercase sentence:").encode()
clientSocket.send(bytes(str(sentence), "utf-8"))
print("From Server:", clientSocket.recv(1024).decode())
clientSocket.close()
