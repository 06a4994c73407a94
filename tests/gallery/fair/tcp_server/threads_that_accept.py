# What: four threads that all accept on the one welcoming socket.
import socket
import threading


def worker(welcoming):
    while True:
        connection, _ = welcoming.accept()
        with connection:
            connection.sendall(connection.recv(1024).decode().upper().encode())


welcoming = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
welcoming.bind(("", 12000))
welcoming.listen(16)
threads = [threading.Thread(target=worker, args=(welcoming,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
