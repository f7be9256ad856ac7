"""Clients that hold a connection and are slow, in four ways. Whom the server leaves comes again."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import multiprocessing
import random
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.sharedctypes import Synchronized
from urllib.parse import urlsplit

LARGE = "large.bin"  # the file that some take slowly

In, Out = asyncio.StreamReader, asyncio.StreamWriter
Behaviour = Callable[[In, Out, random.Random, str], Awaitable[None]]


@contextmanager
def clients(address: str, count: int, pages: int) -> Iterator[Callable[[], int]]:
    """Have `count` slow clients while the block lasts; what is given tells how many have come so far.

    They are in another process, so that they take no time from the readers whose times are measured.
    """
    come = multiprocessing.Value("i", 0)
    process = multiprocessing.Process(target=_be_slow, args=(address, count, pages, come), daemon=True)
    process.start()
    try:
        yield lambda: come.value
    finally:
        process.terminate()
        process.join()


def _be_slow(address: str, count: int, pages: int, come: Synchronized[int]) -> None:
    async def all_of_them() -> None:
        kinds = itertools.cycle((_silent, _by_letters, _by_little, _stays))
        await asyncio.gather(*(_one(address, number, pages, next(kinds), come) for number in range(count)))

    asyncio.run(all_of_them())


async def _one(address: str, number: int, pages: int, behave: Behaviour, come: Synchronized[int]) -> None:
    """Come, be slow until the server has had enough, and come again."""
    chance = random.Random(number)
    await asyncio.sleep(number / 1_000)
    for time_of_it in itertools.count():
        with contextlib.suppress(OSError):
            inward, outward = await _connected(address)
            come.value += not time_of_it
            await behave(inward, outward, chance, f"/p{chance.randrange(pages)}/")
            outward.close()
        await asyncio.sleep(chance.random())


async def _connected(address: str) -> tuple[In, Out]:
    own = socket.socket()
    own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)  # or the system would take it all for us
    own.setblocking(False)
    await asyncio.get_running_loop().sock_connect(own, (urlsplit(address).hostname, urlsplit(address).port))
    return await asyncio.open_connection(sock=own, limit=4_096)


async def _silent(inward: In, _outward: Out, _chance: random.Random, _path: str) -> None:
    await inward.read(1)  # until the server has had enough


async def _by_letters(inward: In, outward: Out, chance: random.Random, path: str) -> None:
    for letter in f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: {'x' * 200}\r\n\r\n":
        outward.write(letter.encode())
        await outward.drain()
        await asyncio.sleep(chance.uniform(0.5, 1.5))
    await inward.read(1)


async def _by_little(inward: In, outward: Out, chance: random.Random, _path: str) -> None:
    outward.write(f"GET /{LARGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while await inward.read(2_048):  # noqa: ASYNC110  -- slow on purpose
        await asyncio.sleep(chance.uniform(0.5, 1.5))


async def _stays(inward: In, outward: Out, _chance: random.Random, path: str) -> None:
    outward.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while await inward.read(4_096):
        pass
