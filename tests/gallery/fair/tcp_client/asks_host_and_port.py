# What: asks for the host and the port, connects, then asks for the sentence.
import socket

hostname = input("Enter the hostname: ")
port = int(input("Enter the port: "))
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((hostname, port))
message = input("Enter the message: ")
client.sendall(message.encode())
print("Response:", client.recv(1024).decode())
client.close()
