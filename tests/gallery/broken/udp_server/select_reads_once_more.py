# What: receives a second time after select.
# Cause: no-reply
# Line: 16
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import select
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
while True:
    ready, _, _ = select.select([s], [], [])
    for each in ready:
        print("message from", each.recvfrom(2048)[1])
        data, addr = each.recvfrom(2048)
        each.sendto(data.upper(), addr)
