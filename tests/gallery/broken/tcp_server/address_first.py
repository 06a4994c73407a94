# What: takes the address first and the connection second.
# Cause: swapped-unpack
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

sock = socket.socket()
sock.bind(("", 12000))
sock.listen()
while True:
    addr, conn = sock.accept()
    data = conn.recv(1024)
    conn.sendall(data.upper())
    conn.close()
