# What: streams of asyncio, input in the main coroutine.
import asyncio


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", 12000)
    sentence = input("Sentence: ")
    writer.write(sentence.encode())
    await writer.drain()
    print("Answer:", (await reader.read(1024)).decode())
    writer.close()
    await writer.wait_closed()


asyncio.run(main())
