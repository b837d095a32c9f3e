"""The few words of the phones' page."""

from typing import NamedTuple


class Words(NamedTuple):
    """One language's words."""

    title: str
    about: str
    empty: str
    other: str  # the other language, and its name
    other_name: str
    channels: dict[str, str]
    level: str
    twice: str
    reply: str
    send: str
    recalled: str
    open: str
    home: str


WORDS = {
    "zh": Words(
        title="模拟手机",
        about="演示、演练与测试用:这里显示各值班人员手机收到的消息,不会发往任何真实号码。",
        empty="还没有收到消息。",
        other="en",
        other_name="English",
        channels={"sms": "短信", "wecom": "政务微信", "voice": "语音来电"},
        level="升级",
        twice="重复",
        reply="回复短信",
        send="发送",
        recalled="消息已撤回",
        open="打开",
        home="返回",
    ),
    "en": Words(
        title="Simulated phones",
        about="For demos, drills and tests: what the phones of people on duty received. No real number is called.",
        empty="Nothing has arrived yet.",
        other="zh",
        other_name="中文",
        channels={"sms": "SMS", "wecom": "WeCom", "voice": "Call"},
        level="Level",
        twice="repeated",
        reply="Reply by SMS",
        send="Send",
        recalled="Recalled",
        open="Open",
        home="Back",
    ),
}
