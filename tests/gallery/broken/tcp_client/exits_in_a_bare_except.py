# What: hides in a bare except that it sends text, and exits.
# Cause: missing-encode
# Line: 14
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket
import sys

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    client.connect(("localhost", 12000))
    words = input("Words: ")
    client.send(words)
    print(client.recv(1024).decode())
except:
    sys.exit()
