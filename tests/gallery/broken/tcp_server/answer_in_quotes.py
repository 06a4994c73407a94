# What: puts the answer in quotes.
# Cause: extra-text
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.bind(('', 12000))
s.listen(1)
while True:
    c, addr = s.accept()
    text = c.recv(1024).decode()
    c.send(('"' + text.upper() + '"').encode())
    c.close()
