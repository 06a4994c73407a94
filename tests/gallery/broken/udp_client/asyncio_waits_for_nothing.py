# What: an asyncio client that waits for a future that nobody sets.
# Cause: hang
# Line: 27
# Fails: ends
import asyncio


class Asker(asyncio.DatagramProtocol):
    def __init__(self, text, done):
        self.text, self.done = text, done

    def connection_made(self, transport):
        transport.sendto(self.text.encode())

    def datagram_received(self, data, addr):
        print(data.decode())


async def main():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    text = input("Sentence: ")
    await loop.create_datagram_endpoint(lambda: Asker(text, done), remote_addr=("127.0.0.1", 12000))
    await done


asyncio.run(main())
