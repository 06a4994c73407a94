# What: imports the module, uses its names with the prefix, and prints each message.
import socket

HOST = "0.0.0.0"
PORT = 12000

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((HOST, PORT))
print(f"listening on {HOST}:{PORT}")

while True:
    data, addr = s.recvfrom(1024)
    text = data.decode("utf-8")
    print("received", repr(text), "from", addr)
    s.sendto(text.upper().encode("utf-8"), addr)
