# What: an asyncio server that reads to the end of the stream.
# Cause: no-reply
# Line: 11
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import asyncio


async def serve(reader, writer):
    text = await reader.read()
    writer.write(text.upper())
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "0.0.0.0", 12000)
    async with server:
        await server.serve_forever()


asyncio.run(main())
