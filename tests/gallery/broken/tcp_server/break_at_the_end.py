# What: a break at the end of the loop's body.
# Cause: one-client-only
# Fails: answers_several_clients, answers_waiting_clients, survives_a_silent_client, keeps_welcoming
import socket

with socket.create_server(("", 12000)) as server:
    print("Server ready")
    while True:
        conn, addr = server.accept()
        with conn:
            data = conn.recv(1024)
            conn.sendall(data.decode().upper().encode())
        print("client served, bye")
        break
