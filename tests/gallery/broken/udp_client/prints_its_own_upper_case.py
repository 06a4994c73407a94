# What: shows the upper case it made itself, not what the server sent.
# Cause: reply-not-printed
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
message = input("Message: ")
sock.sendto(message.encode(), ("localhost", 12000))
sock.recvfrom(2048)
print("Server says:", message.upper())
sock.close()
