# What: a return inside the loop ends the server after its first answer.
# Cause: one-client-only
# Fails: answers_again, answers_several_clients, answers_the_sender, answers_short_and_long,
#   survives_an_empty_datagram, answers_once
import socket


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", 12000))
    while True:
        data, address = sock.recvfrom(2048)
        sock.sendto(data.decode().upper().encode(), address)
        return data


if __name__ == "__main__":
    main()
