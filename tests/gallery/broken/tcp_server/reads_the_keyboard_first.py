# What: reads the keyboard to its end before it starts.
# Cause: hang
# Line: 10
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
import sys
import socket
for line in sys.stdin:
    print("read", line)
server = socket.create_server(("", 12000))
while True:
    conn, peer = server.accept()
    conn.sendall(conn.recv(1024).decode().upper().encode())
    conn.close()
