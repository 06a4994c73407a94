# What: an f-string around bytes, so that the answer carries B'...'.
# Cause: missing-decode
# Line: 14
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.bind(('', 12000))
s.listen(5)
while True:
    c, a = s.accept()
    sentence = f"{c.recv(1024)}"
    c.send(sentence.upper().encode())
    c.close()
