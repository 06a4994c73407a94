# What: a datagram endpoint of asyncio.
import asyncio


class Client(asyncio.DatagramProtocol):
    def __init__(self, done):
        self.done = done

    def datagram_received(self, data, addr):
        self.done.set_result(data)


async def main():
    loop = asyncio.get_running_loop()
    message = input("Message: ")
    done = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Client(done), remote_addr=("127.0.0.1", 12000)
    )
    transport.sendto(message.encode())
    print("Reply:", (await done).decode())
    transport.close()


asyncio.run(main())
