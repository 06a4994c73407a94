# What: sleeps a minute before it answers.
# Cause: hang
# Line: 14
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket
import time

server = socket.create_server(("", 12000))
while True:
    conn, peer = server.accept()
    text = conn.recv(1024).decode()
    time.sleep(60)
    conn.sendall(text.upper().encode())
    conn.close()
