"""What the test's servers share."""
import asyncio
import os
import sys


async def listen(serve):
    """Serve until standard input ends; the port goes to the file argv[1]."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096,
                                        limit=1 << 20)
    port = server.sockets[0].getsockname()[1]
    with open(sys.argv[1] + ".new", "w", encoding="ascii") as f:
        f.write(str(port))
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)
