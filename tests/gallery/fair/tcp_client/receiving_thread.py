# What: a thread prints whatever arrives, until the server closes.
import socket
import threading


def listen_for_answers(sock):
    while True:
        data = sock.recv(1024)
        if not data:
            return
        print("server:", data.decode())


sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("localhost", 12000))
receiver = threading.Thread(target=listen_for_answers, args=(sock,))
receiver.start()
sock.sendall(input("you: ").encode())
receiver.join()
sock.close()
