# What: sends each answer twice.
# Cause: sent-more-than-once
# Line: 16
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import *

welcome = socket(AF_INET, SOCK_STREAM)
welcome.bind(("", 12000))
welcome.listen(1)
while True:
    conn, addr = welcome.accept()
    answer = conn.recv(1024).decode().upper()
    conn.send(answer.encode())
    conn.sendall(answer.encode())
    conn.close()
