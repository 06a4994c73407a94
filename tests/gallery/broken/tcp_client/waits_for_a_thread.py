# What: waits for a thread that waits for an event that nobody sets.
# Cause: hang
# Fails: ends
import socket
import threading

finished = threading.Event()


def keep_alive():
    finished.wait()


threading.Thread(target=keep_alive).start()
sock = socket.create_connection(("localhost", 12000))
sock.sendall(input("Sentence: ").encode())
print("From Server:", sock.recv(1024).decode(), flush=True)
sock.close()
