"""`help`: list what can be said."""

from handlers import commands
from handlers.cards._parts import context, section
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call


async def run(call: Call, house: House) -> Answer:
    """Read every subcommand's own line of help."""
    del call, house
    lines = "\n".join(f"• {commands.helped(name)}" for name in commands.known())
    return [
        section("*Circletake* keeps the scene, its intent, its references, its takes, and the one "
                "that is approved."),
        section(lines),
        context("In a thread Slack knows no slash commands: say the same to `@circletake` there.",
                "*Make a scene* in a message's menu turns its thread into a scene."),
    ]  # fmt: skip
