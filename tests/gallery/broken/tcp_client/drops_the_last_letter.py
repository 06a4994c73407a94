# What: cuts the last letter, where it expects a newline.
# Cause: ignores-input
# Line: 12
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
from socket import *

with socket(AF_INET, SOCK_STREAM) as s:
    s.connect(("localhost", 12000))
    line = input("Line: ")
    s.send(line[0:len(line) - 1].encode())
    print("From Server:", s.recv(1024).decode())
