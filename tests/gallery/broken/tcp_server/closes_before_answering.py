# What: closes the connection and then answers into it.
# Cause: crash
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("", 12000))
s.listen(1)
while True:
    conn, addr = s.accept()
    with conn:
        text = conn.recv(1024).decode()
    conn.sendall(text.upper().encode())
