# What: line numbers of a listing were copied along.
# Cause: syntax-error
# Line: 8
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
1 from socket import *
2 clientSocket = socket(AF_INET, SOCK_STREAM)
3 clientSocket.connect(("localhost", 12000))
4 sentence = input("Input lowercase sentence:")
5 clientSocket.send(sentence.encode())
6 print("From Server:", clientSocket.recv(1024).decode())
7 clientSocket.close()
