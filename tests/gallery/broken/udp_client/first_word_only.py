# What: sends the first word of the line.
# Cause: ignores-input
# Line: 9
# Fails: sends_what_was_typed, works_with_the_reference_server
import socket

palabra = input("Introduce una frase: ").split()[0]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.sendto(palabra.encode(), ("localhost", 12000))
    print("Respuesta:", s.recv(2048).decode())
