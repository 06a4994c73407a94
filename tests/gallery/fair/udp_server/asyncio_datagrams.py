# What: a datagram protocol of asyncio, which never sends an empty answer.
import asyncio


class Upper(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data.decode().upper().encode(), addr)


async def main():
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Upper, local_addr=("0.0.0.0", 12000))
    print("serving")
    await asyncio.Event().wait()


asyncio.run(main())
