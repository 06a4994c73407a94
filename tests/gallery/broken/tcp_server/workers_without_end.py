# What: starts threads that wait for work, one more at every turn, before it comes to its socket.
# Cause: too-many-processes
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
import queue
import socket
import threading

work = queue.Queue()


def serve():
    c = work.get()
    c.send(c.recv(1024).upper())
    c.close()


while True:
    threading.Thread(target=serve).start()

s = socket.create_server(("", 12000))
while True:
    work.put(s.accept()[0])
