# What: sends the answer to the message before.
# Cause: wrong-reply
# Line: 14
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
s.bind(("", 12000))
answer = ""
while True:
    message, client = s.recvfrom(2048)
    s.sendto(answer.encode(), client)
    answer = message.decode().upper()
