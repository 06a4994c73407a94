# What: reads the keyboard to its end before it starts.
# Cause: hang
# Line: 9
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients, answers_the_sender,
#   keeps_other_characters, answers_short_and_long, survives_an_empty_datagram, answers_once
import sys
import socket
for line in sys.stdin:
    print("read", line)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
while True:
    m, a = s.recvfrom(2048)
    s.sendto(m.decode().upper().encode(), a)
