# What: connects one socket and sends with another.
# Cause: missing-connect
# Line: 13
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
link.connect(("localhost", 12000))
sentence = input("Digite uma frase: ")
sock.send(sentence.encode())
print("From Server:", sock.recv(1024).decode())
