# What: send instead of sendto, and the address with it.
# Cause: no-destination
# Line: 12
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *
serverName = "localhost"
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:")
clientSocket.send(message.encode(), (serverName, serverPort))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(modifiedMessage.decode())
clientSocket.close()
