"""A mail server for the check of the stack; `docker compose logs mail` shows each message it got."""

import asyncio
import signal


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await talk(reader, writer)
    finally:
        writer.close()


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail for tests\r\n")
    while verb := (await reader.readline())[:4].strip().upper():
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            message = await reader.readuntil(b"\r\n.\r\n")
            print(message.decode(), flush=True)
        writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")
        await writer.drain()
        if verb == b"QUIT":
            return


async def main() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with await asyncio.start_server(serve, "0.0.0.0", 2525, limit=2**26):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
