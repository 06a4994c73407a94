# What: streams of asyncio.
import asyncio


async def serve(reader, writer):
    data = await reader.read(1024)
    writer.write(data.decode().upper().encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def main():
    server = await asyncio.start_server(serve, "0.0.0.0", 12000)
    async with server:
        await server.serve_forever()


asyncio.run(main())
