# What: an asyncio server that never closes its writer.
# Cause: connection-not-closed
# Line: 13
# Fails: closes_the_connection
import asyncio

writers = []


async def serve(reader, writer):
    writers.append(writer)
    text = await reader.read(1024)
    writer.write(text.upper())
    await writer.drain()


async def main():
    server = await asyncio.start_server(serve, "", 12000)
    await server.serve_forever()


asyncio.run(main())
