# What: sleeps a minute before it sends.
# Cause: hang
# Line: 12
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket
import time

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sentence = input("Sentence: ")
time.sleep(60)
sock.sendto(sentence.encode(), ("localhost", 12000))
answer, peer = sock.recvfrom(2048)
print(answer.decode())
sock.close()
