# What: answers only when the client has closed its end.
# Cause: no-reply
# Line: 16
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(4)
while True:
    conn, addr = server.accept()
    message = b""
    while True:
        part = conn.recv(1024)
        if not part:
            break
        message += part
    conn.sendall(message.decode().upper().encode())
    conn.close()
