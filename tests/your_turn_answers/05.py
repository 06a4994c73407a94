"""What solves "your turn" in notebooks/05_tcp.ipynb, and what does not."""

ANSWERS: dict[str, dict[str, list[str] | dict[str, str]]] = {
    "serve-one": {
        "right": [
            """
def serve_one(welcoming):
    connection, client_address = welcoming.accept()
    sentence = connection.recv(1024).decode()
    connection.send(sentence.upper().encode())
    connection.close()
""",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    with connection:
        connection.sendall(connection.recv(4096).upper())
    return True
""",
        ],
        "wrong": {
            "serve_one = None": "no function",
            "def serve_one(welcoming):\n    return None": "nobody was accepted",
            "def serve_one():\n    return None": "raised TypeError",
            "def serve_one(welcoming):\n    while True:\n        pass": "has not come back",
            "def serve_one(welcoming):\n    welcoming.recv(1024)": "talks to nobody",
            """
def serve_one(welcoming):
    connection = welcoming.accept()
    connection.recv(1024)
""": "`accept` returns a pair",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    welcoming.send(connection.recv(1024).upper())
""": "talks to nobody",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    connection.close()
""": "got no answer",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    connection.send(connection.recv(1024).decode().upper())
""": "`encode` the text",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    connection.send(connection.recv(1024))
    connection.close()
""": "came back as it was",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    connection.send(connection.recv(4).upper())
    connection.close()
""": "b'FROM ANNA' was due",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    connection.send(connection.recv(1024).upper())
""": "still open",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    connection.send(connection.recv(1024).upper())
    connection.close
""": "still open",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    connection.send(connection.recv(1024).upper())
    welcoming.close()
""": "closed the welcoming socket",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    connection.close()
    connection.send(connection.recv(1024).upper())
""": "was closed before",
            """
def serve_one(welcoming):
    while True:
        connection, _ = welcoming.accept()
        connection.send(connection.recv(1024).upper())
        connection.close()
""": "needs no loop",
            """
def serve_one(welcoming):
    connection, _ = welcoming.accept()
    while data := connection.recv(1024):
        connection.send(data.upper())
    connection.close()
""": "waited for something that never came",
        },
    },
    "states": {
        "right": [
            """
after_client_close = {"connection": "CLOSE_WAIT", "client": "FIN_WAIT2"}
after_connection_close = {"connection": "-", "client": "TIME_WAIT"}
""",
            """
after_client_close = {"connection": "close_wait", "client": "FIN_WAIT_2"}
after_connection_close = {"connection": " - ", "client": "Time-Wait"}
""",
        ],
        "wrong": {
            "after_client_close = None": "no dictionary any more",
            "after_client_close = {}": "no state yet for the connection",
            'after_client_close = {"connection": "CLOSED", "client": "FIN_WAIT2"}': "'CLOSED' is none of the states",
            'after_client_close = {"connection": 3, "client": "FIN_WAIT2"}': "3 is none of the states",
            'after_client_close = {"connection": "FIN_WAIT2", "client": "CLOSE_WAIT"}': "the end that has closed",
            """
after_client_close = {"connection": "CLOSE_WAIT", "client": "FIN_WAIT2"}
after_connection_close = {"connection": "TIME_WAIT", "client": "-"}
""": "at the end that did so first",
            """
after_client_close = {"connection": "CLOSE_WAIT", "client": "FIN_WAIT2"}
after_connection_close = {"connection": "-", "client": "-"}
""": "this end is not forgotten yet",
        },
    },
}
