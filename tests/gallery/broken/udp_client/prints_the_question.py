# What: prints what was typed instead of what came back.
# Cause: reply-not-printed
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *
s = socket(AF_INET, SOCK_DGRAM)
message = input('lowercase sentence? ')
s.sendto(message.encode(), ('localhost', 12000))
modified, address = s.recvfrom(2048)
print(message)
s.close()
