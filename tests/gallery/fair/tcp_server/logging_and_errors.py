# What: logs, and catches what may go wrong with one client.
import logging
import socket

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(message)s")


def handle(conn):
    data = conn.recv(1024)
    match data:
        case b"":
            logging.warning("left without a word")
        case _:
            conn.sendall(data.decode().upper().encode())


def main():
    sock = socket.socket()
    sock.bind(("", 12000))
    sock.listen(3)
    logging.info("listening on %s", sock.getsockname())
    while True:
        conn, addr = sock.accept()
        logging.info("new client %s", addr)
        try:
            handle(conn)
        except (OSError, UnicodeDecodeError):
            logging.exception("client failed")
        finally:
            conn.close()


main()
