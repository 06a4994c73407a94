# What: keeps one port for each host.
# Cause: wrong-destination
# Line: 14
# Fails: answers_several_clients, answers_the_sender, survives_an_empty_datagram, answers_once
import socket

ports = {}
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    payload, (host, port) = udp.recvfrom(2048)
    if host not in ports:
        ports[host] = port
    udp.sendto(payload.decode().upper().encode(), (host, ports[host]))
