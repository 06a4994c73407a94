"""Packets that crossed an arena's network: where a program sent to, whoever was there to receive."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from grading.arena.sockets import Address, Kind

_SYN, _ACK = 0x02, 0x10
_READS_AT_ONCE = 1000  # where packets come without end, before something else is looked at
_LONGEST = 4096  # bytes of a payload that are kept: no message of ours is longer


@dataclass(frozen=True)
class Packet:
    """A UDP datagram; or of a TCP connection its first segment (no payload), or one with data."""

    kind: Kind
    source: Address
    destination: Address
    payload: bytes


def read_packets(wire: socket.socket) -> list[Packet]:
    """Take the packets that have arrived at a raw socket.

    Raw sockets, because closing a packet socket waits for 10 ms in the kernel (measured).
    """
    packets: list[Packet] = []
    for _ in range(_READS_AT_ONCE):
        try:
            data = wire.recv(1 << 16)
        except BlockingIOError:
            break
        except OSError:  # its buffer overflowed: what is lost is lost
            continue
        if packet := _parse(data):
            packets.append(packet)
    return packets


def _parse(data: bytes) -> Packet | None:
    if len(data) < 28 or data[0] >> 4 != 4:
        return None
    body = (data[0] & 0xF) * 4
    source, destination = socket.inet_ntoa(data[12:16]), socket.inet_ntoa(data[16:20])
    if len(data) < body + 8:
        return None
    from_port, to_port = struct.unpack_from("!HH", data, body)
    if data[9] == socket.IPPROTO_UDP:
        return Packet("udp", (source, from_port), (destination, to_port), data[body + 8 :][:_LONGEST])
    if data[9] == socket.IPPROTO_TCP and len(data) >= body + 20:
        payload = data[body + (data[body + 12] >> 4) * 4 :][:_LONGEST]
        if payload or data[body + 13] & (_SYN | _ACK) == _SYN:
            return Packet("tcp", (source, from_port), (destination, to_port), payload)
    return None
