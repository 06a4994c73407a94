# What: a thread receives while the main one sends.
import socket
import threading

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.connect(("localhost", 12000))


def receive():
    data = sock.recv(2048)
    print("\nreceived:", data.decode())


message = input("message: ")
receiver = threading.Thread(target=receive)
receiver.start()
sock.sendall(message.encode())
receiver.join()
sock.close()
