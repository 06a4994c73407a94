# What: reads without await.
# Cause: crash
# Line: 12
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import asyncio


async def serve(reader, writer):
    text = reader.read(1024)
    writer.write(text.decode().upper().encode())
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "0.0.0.0", 12000)
    async with server:
        await server.serve_forever()


asyncio.run(main())
