# What: sends each answer twice, in case one is lost.
# Cause: sent-more-than-once
# Fails: answers_once
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
s.bind(('', 12000))
while True:
    data, who = s.recvfrom(2048)
    for attempt in range(2):
        s.sendto(data.decode().upper().encode(), who)
