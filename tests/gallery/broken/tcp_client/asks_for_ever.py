# What: asks for one line after the other and sends none of them.
# Cause: nothing-sent
# Line: 13
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

s = socket.socket()
s.connect(("127.0.0.1", 12000))
lines = []
while True:
    line = input("Next line: ")
    lines.append(line)
