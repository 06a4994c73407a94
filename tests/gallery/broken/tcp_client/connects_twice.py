# What: connects a socket that is connected already.
# Cause: crash
# Line: 11
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
from socket import *
serverName = "localhost"
serverPort = 12000
clientSocket = create_connection((serverName, serverPort))
clientSocket.connect((serverName, serverPort))
sentence = input("Input lowercase sentence:")
clientSocket.send(sentence.encode())
print("From Server:", clientSocket.recv(1024).decode())
clientSocket.close()
