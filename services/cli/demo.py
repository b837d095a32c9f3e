"""`shouhu demo`: everything, with people who do not exist and phones in the browser."""

from services.access.sample import token_file
from services.cli.system import System
from services.cli.up import say, system


def demo() -> None:
    """Run everything with sample rosters, a sample source and the phone gateway, until Ctrl-C. 演示"""
    with system(sample=True, phone=True) as running:
        say(welcome(running))
        running.run()


def welcome(running: System) -> str:
    """Where to look, and how to sign in."""
    return f"""
  Shouhu 守护 · 演示 demo
    控制台 console   {running.http}/
    手机 phones      {running.http}/phone
    登录令牌 sign in with the content of
      运维 operations {token_file(running.data, "sample-operations")}
      值守 officer    {token_file(running.data, "sample-officer")}
    Ctrl-C 停止 stops everything
"""
