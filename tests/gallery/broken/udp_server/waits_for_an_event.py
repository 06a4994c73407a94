# What: waits for an event that is set only afterwards.
# Cause: hang
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients, answers_the_sender,
#   keeps_other_characters, answers_short_and_long, survives_an_empty_datagram, answers_once
import socket
import threading

started = threading.Event()


def serve():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    started.wait()
    sock.bind(("", 12000))
    while True:
        data, addr = sock.recvfrom(2048)
        sock.sendto(data.decode().upper().encode(), addr)


thread = threading.Thread(target=serve)
thread.start()
thread.join()
started.set()
