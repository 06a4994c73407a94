# What: a newline at the end of each answer.
# Cause: extra-text
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
    server.bind(("", 12000))
    server.listen()
    while True:
        conn, _ = server.accept()
        with conn:
            conn.sendall((conn.recv(1024).decode().upper() + "\n").encode())
