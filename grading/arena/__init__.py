"""Where a student's program meets its counterpart: runs programs, lends sockets, sees what happens.

Only what stands here is for the other rooms.
"""

from grading.arena.arena import DEADLINE, PORT, Arena, ArenaLost, GraderError, Stalled
from grading.arena.bench import Bench
from grading.arena.isolation import LEVELS, Isolation, Level
from grading.arena.meeting import meet
from grading.arena.mismatch import Mismatch
from grading.arena.oracle import ask_reference
from grading.arena.program import Program, Script
from grading.arena.shared import PortTaken
from grading.arena.stage import Stage
from grading.arena.tcp import TcpClient, TcpConnection, TcpServer
from grading.arena.told import conversation_of
from grading.arena.udp import UdpClient, UdpServer
from grading.arena.ways import SandboxUnavailable
from grading.arena.words import Phrase, Words

__all__ = [
    "DEADLINE",
    "LEVELS",
    "PORT",
    "Arena",
    "ArenaLost",
    "Bench",
    "GraderError",
    "Isolation",
    "Level",
    "Mismatch",
    "Phrase",
    "PortTaken",
    "Program",
    "SandboxUnavailable",
    "Script",
    "Stage",
    "Stalled",
    "TcpClient",
    "TcpConnection",
    "TcpServer",
    "UdpClient",
    "UdpServer",
    "Words",
    "ask_reference",
    "conversation_of",
    "meet",
]
