"""Packets that crossed an arena's network: where a program sent to, whoever was there to receive."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from grading.arena.sockets import Address, Kind

_SYN, _ACK = 0x02, 0x10


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
    while True:
        try:
            data = wire.recv(1 << 16)
        except BlockingIOError:
            return packets
        except OSError:  # its buffer overflowed: what is lost is lost
            continue
        if packet := _parse(data):
            packets.append(packet)


def _parse(data: bytes) -> Packet | None:
    if len(data) < 28 or data[0] >> 4 != 4:
        return None
    body = (data[0] & 0xF) * 4
    source, destination = socket.inet_ntoa(data[12:16]), socket.inet_ntoa(data[16:20])
    if len(data) < body + 8:
        return None
    from_port, to_port = struct.unpack_from("!HH", data, body)
    if data[9] == socket.IPPROTO_UDP:
        return Packet("udp", (source, from_port), (destination, to_port), data[body + 8 :])
    if data[9] == socket.IPPROTO_TCP and len(data) >= body + 20:
        payload = data[body + (data[body + 12] >> 4) * 4 :]
        if payload or data[body + 13] & (_SYN | _ACK) == _SYN:
            return Packet("tcp", (source, from_port), (destination, to_port), payload)
    return None
