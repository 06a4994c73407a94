# What: a loop meant to start a few children has no end.
# Cause: too-many-processes
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients,
#   answers_the_sender, keeps_other_characters, answers_short_and_long, survives_an_empty_datagram,
#   answers_once
import os
import socket
import time

children = 0
while children < 4:
    if os.fork() == 0:
        children += 1
        time.sleep(60)

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
while True:
    m, a = s.recvfrom(2048)
    s.sendto(m.upper(), a)
