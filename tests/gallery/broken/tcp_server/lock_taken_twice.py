# What: takes the same lock twice before it binds.
# Cause: hang
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
import socket
import threading

lock = threading.Lock()
served = 0


def log(text):
    with lock:
        print(served, text)


with lock:
    log("starting")
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind(("", 12000))
    server.listen(1)

while True:
    conn, addr = server.accept()
    conn.sendall(conn.recv(1024).decode().upper().encode())
    conn.close()
