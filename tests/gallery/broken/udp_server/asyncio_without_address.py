# What: an asyncio protocol that leaves the address out.
# Cause: no-destination
# Line: 15
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import asyncio


class Upper(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data.upper())


async def main():
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Upper, local_addr=("0.0.0.0", 12000))
    await asyncio.Event().wait()


asyncio.run(main())
