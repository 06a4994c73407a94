# What: answers what is typed on the server, not what was received.
# Cause: no-reply
# Line: 13
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

server = socket.create_server(("", 12000))
while True:
    conn, peer = server.accept()
    text = conn.recv(1024).decode()
    answer = input(f"{peer} says {text}, your answer: ")
    conn.sendall(answer.upper().encode())
    conn.close()
