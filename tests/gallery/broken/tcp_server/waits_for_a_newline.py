# What: reads a whole line, and no client of this lab sends a newline.
# Cause: no-reply
# Line: 13
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

server = socket.create_server(("", 12000))
while True:
    conn, addr = server.accept()
    stream = conn.makefile("rw")
    line = stream.readline()
    stream.write(line.upper())
    stream.flush()
    stream.close()
    conn.close()
