# What: sleeps a minute before it sends.
# Cause: hang
# Line: 12
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket
import time

sock = socket.create_connection(("localhost", 12000))
sentence = input("Sentence: ")
time.sleep(60)
sock.sendall(sentence.encode())
print("From Server:", sock.recv(1024).decode())
sock.close()
