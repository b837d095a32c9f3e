"""The drawing of the flow, made from topics.yaml."""

from events.topics import Topic, topics


def drawing() -> str:
    """A page with a Mermaid drawing and a table of the topics."""
    lines = [
        "# Topics",
        "",
        "Made by `python -m events.generate` from `topics.yaml`.",
        "",
        "```mermaid",
        "flowchart LR",
    ]
    lines += [f"    {_node(topic)}[/{topic.name.replace('<', '‹').replace('>', '›')}/]" for topic in topics()]
    for topic in topics():
        lines += [f"    {producer} --> {_node(topic)}" for producer in topic.producers]
        lines += [f"    {_node(topic)} --> {consumer}" for consumer in topic.consumers]
    lines += [
        "```",
        "",
        "| topic | written by | read by | key | partitions | kept | class |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_row(topic) for topic in topics()]
    return "\n".join(lines) + "\n"


def _node(topic: Topic) -> str:
    return "t_" + "".join(letter if letter.isalnum() else "_" for letter in topic.name)


def _row(topic: Topic) -> str:
    readers = ", ".join(topic.consumers) or "the outside"
    return (
        f"| `{topic.name}` | {', '.join(topic.producers)} | {readers} | {topic.key} | {topic.partitions} "
        f"| {topic.retention_days} days | {topic.classification} |"
    )
