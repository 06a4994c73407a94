# What: encodes the line when it is read and again when it is sent.
# Cause: encode-on-bytes
# Line: 11
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *

clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:").encode()
clientSocket.sendto(message.encode(), ("localhost", 12000))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(modifiedMessage.decode())
clientSocket.close()
