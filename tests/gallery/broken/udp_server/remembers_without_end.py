# What: its loop copies what it has instead of waiting for more.
# Cause: out-of-memory
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
messages = [b"hello" * 100_000]
while True:
    messages += messages[-100:] + [messages[0] + b"!"]
    if not messages:
        m, a = s.recvfrom(2048)
