# What: sleeps a minute before it answers.
# Cause: hang
# Line: 14
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket
import time

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
while True:
    m, a = s.recvfrom(2048)
    time.sleep(60)
    s.sendto(m.decode().upper().encode(), a)
