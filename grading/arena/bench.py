"""What each check is given: the submission's programs and the reference's, words, and arenas to run them in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grading.arena.arena import PORT, GraderError
from grading.arena.meeting import meet
from grading.arena.program import Script
from grading.arena.stage import Stage
from grading.arena.tcp import TcpClient, TcpServer
from grading.arena.udp import UdpClient, UdpServer
from grading.arena.words import Phrase, Words


@dataclass
class Bench:
    """The work bench of one check."""

    stage: Stage
    find: Callable[[str], Script]
    """The submission's program of a name; raises where it cannot be run."""
    find_reference: Callable[[str], Script]

    @property
    def words(self) -> Words:
        """Phrases to type and to send, and the reference's answers to them."""
        return self.stage.words

    def script(self, program: str) -> Script:
        """Give a program of the submission, not started yet."""
        return self.find(program)

    def reference(self, program: str, at: int = PORT) -> Script:
        """Give a reference solution, which waits at the port ``at``."""
        script = self.find_reference(program)
        if at == PORT:
            return script
        source = script.files[script.file]
        moved, times = re.subn(rb"^SERVER_PORT = 12000\b", f"SERVER_PORT = {at}".encode(), source, flags=re.MULTILINE)
        if times != 1:
            raise GraderError(f"{script.file} of the reference does not name its port in one line")
        return Script(program, {script.file: moved}, trusted=True)

    def udp_server(self) -> UdpServer:
        """Start the UDP server and wait until it is bound."""
        return UdpServer(self.stage, self.script("udp_server"))

    def tcp_server(self) -> TcpServer:
        """Start the TCP server and wait until it listens."""
        return TcpServer(self.stage, self.script("tcp_server"))

    def udp_client(self, phrase: Phrase | None = None) -> UdpClient:
        """Give the UDP client, not started yet, with the line that will be typed at it."""
        return UdpClient(self.stage, self.script("udp_client"), phrase or self.words.sentence())

    def tcp_client(self, phrase: Phrase | None = None) -> TcpClient:
        """Give the TCP client, not started yet, with the line that will be typed at it."""
        return TcpClient(self.stage, self.script("tcp_client"), phrase or self.words.sentence())

    def meet(self, client: str, server: Script) -> None:
        """Have a client of the submission ask a real server, and see the right answer on its screen."""
        meet(self.stage, self.script(client), server, self.words.sentence())
