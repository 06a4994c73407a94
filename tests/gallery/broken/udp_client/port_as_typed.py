# What: uses the port as it was typed, which is text.
# Cause: port-not-int
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

host = input("Host: ")
port = input("Port: ")
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.sendto(input("Message: ").encode(), (host, port))
print(sock.recvfrom(2048)[0].decode())
sock.close()
