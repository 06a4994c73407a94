# What: imports a package that does not come with Python.
# Cause: crash
# Line: 8
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients,
#   answers_the_sender, keeps_other_characters, answers_short_and_long, survives_an_empty_datagram,
#   answers_once
import numpy
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
s.bind(("", 12000))
while True:
    m, a = s.recvfrom(2048)
    s.sendto(bytes(numpy.char.upper(m.decode()).item(), "ascii"), a)
