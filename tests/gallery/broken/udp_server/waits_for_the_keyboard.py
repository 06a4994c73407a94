# What: waits for Enter before each answer.
# Cause: no-reply
# Line: 13
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
while True:
    m, a = s.recvfrom(2048)
    input("Enter to answer: ")
    s.sendto(m.decode().upper().encode(), a)
