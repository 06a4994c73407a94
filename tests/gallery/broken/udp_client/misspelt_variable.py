# What: prints a name that nothing was ever assigned to.
# Cause: undefined-name
# Line: 14
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *

server_name = "localhost"
server_port = 12000
client_socket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:")
client_socket.sendto(message.encode(), (server_name, server_port))
modified_message, server_address = client_socket.recvfrom(2048)
print(modifiedMessage.decode())
client_socket.close()
