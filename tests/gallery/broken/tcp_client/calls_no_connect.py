# What: names connect without calling it.
# Cause: missing-connect
# Line: 12
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
from socket import *
serverName = 'localhost'
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect
sentence = input('Input lowercase sentence:')
clientSocket.send(sentence.encode())
modifiedSentence = clientSocket.recv(1024)
print ('From Server:', modifiedSentence.decode())
clientSocket.close()
