# What: the main guard compares with the wrong text, so that nothing is ever run.
# Cause: missing-bind
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients, answers_the_sender,
#   keeps_other_characters, answers_short_and_long, survives_an_empty_datagram, answers_once
import socket


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", 12000))
    while True:
        data, addr = sock.recvfrom(2048)
        sock.sendto(data.decode().upper().encode(), addr)


if __name__ == "main":
    main()
