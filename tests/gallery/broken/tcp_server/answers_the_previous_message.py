# What: sends the answer to the message before.
# Cause: wrong-reply
# Line: 16
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import *

welcome = socket(AF_INET, SOCK_STREAM)
welcome.bind(("", 12000))
welcome.listen(1)
answer = "WELCOME"
while True:
    conn, addr = welcome.accept()
    message = conn.recv(1024).decode()
    conn.send(answer.encode())
    answer = message.upper()
    conn.close()
