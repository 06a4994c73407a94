# What: writes into a buffered file and never flushes it before waiting.
# Cause: nothing-sent
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

sock = socket.create_connection(("localhost", 12000))
stream = sock.makefile("rw")
stream.write(input("Sentence: "))
print("From Server:", sock.recv(1024).decode())
sock.close()
