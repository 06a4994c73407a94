# What: shows the upper case it made itself, not what the server sent.
# Cause: reply-not-printed
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

with socket.create_connection(("localhost", 12000)) as sock:
    sentence = input("Sentence: ")
    sock.sendall(sentence.encode())
    sock.recv(1024)
    print("From Server:", sentence.upper())
