# What: hides in a bare except that it sends text, and exits.
# Cause: missing-encode
# Line: 13
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket
import sys

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    words = input("Words: ")
    client.sendto(words, ("localhost", 12000))
    data, server = client.recvfrom(2048)
    print(data.decode())
except:
    sys.exit()
