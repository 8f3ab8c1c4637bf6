"""A session of `archplan mcp` with the protocol's own SDK: python mcp-client.py PROGRAM FOLDER (FOLDER holds req.yaml)."""
import asyncio
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

NAMES = ["new", "lint", "explain", "flip", "next", "show", "done"]


def text(result):
    return "".join(part.text for part in result.content)


def failed(result):
    return getattr(result, "isError", None) if hasattr(result, "isError") else result.is_error


async def main(program, folder):
    server = StdioServerParameters(command=program, args=["mcp"], cwd=folder)
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == NAMES, tools

        async def call(name, **arguments):
            return await session.call_tool(name, arguments)

        made = await call("new", requirements="req.yaml")
        assert not failed(made) and "added" in text(made), text(made)
        found = await call("lint")
        assert not failed(found) and "next: " in text(found), text(found)
        why = await call("explain", what="traffic.peak", requirements="req.yaml")
        assert "traffic.peak = " in text(why), text(why)
        assert "database" in text(await call("flip", requirements="req.yaml")), "flip"
        first = (await call("next", limit=1))
        task = text(first).split('"id": "')[1].split('"')[0]
        assert "Done when" in text(await call("show", id=task)), task
        ticked = await call("done", id=task)
        assert '"done"' in text(ticked) and not failed(ticked), text(ticked)
        again = text(await call("next", limit=1)).split('"id": "')[1].split('"')[0]
        assert again != task
        for name, arguments in [("show", {"id": "TASK-99.9"}), ("new", {"requirements": "none.yaml"}), ("done", {"id": "--help"})]:
            wrong = await call(name, **arguments)
            assert failed(wrong) and text(wrong), (name, text(wrong))
    print("tools for language models: a session of the protocol's own SDK holds")


asyncio.run(main(*sys.argv[1:]))
