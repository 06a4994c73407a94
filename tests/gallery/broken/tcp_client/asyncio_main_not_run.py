# What: an asyncio client that is never run.
# Cause: nothing-sent
# Line: 12
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import asyncio


async def main():
    reader, writer = await asyncio.open_connection("localhost", 12000)
    writer.write(input("line: ").encode())
    print("From Server:", (await reader.read(1024)).decode())
    writer.close()


if __name__ == "__main__":
    main()
