# What: a threading socketserver that serves a connection until its client closes it.
import socketserver


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while chunk := self.connection.recv(1024):
            self.wfile.write(chunk.upper())


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    Server(("0.0.0.0", 12000), Handler).serve_forever()
