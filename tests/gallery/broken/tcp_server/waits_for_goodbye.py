# What: stays with a client until it says goodbye, and does not see that it has left.
# Cause: stuck-on-first-client
# Fails: answers_several_clients, answers_waiting_clients, survives_a_silent_client,
#   closes_the_connection=connection-not-closed
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
while True:
    conn, addr = server.accept()
    while True:
        text = conn.recv(1024).decode()
        if text == "goodbye":
            break
        conn.sendall(text.upper().encode())
    conn.close()
