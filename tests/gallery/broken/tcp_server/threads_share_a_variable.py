# What: each thread looks its connection up in a variable that the next client has changed.
# Cause: wrong-destination
# Fails: answers_waiting_clients
import socket, threading
s = socket.socket()
s.bind(("", 12000))
s.listen()
def work():
    data = conn.recv(1024)
    conn.sendall(data.upper())
    conn.close()
while True:
    conn, addr = s.accept()
    threading.Thread(target=work).start()
