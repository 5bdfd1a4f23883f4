"""The sentences about Kafka that operators read: what is the matter, in both languages, without a traceback."""

from enforcement.values import Text
from streams.port import Away, Fatal


def away(brokers: str, reason: object) -> Away:
    """No answer from the brokers; the reason is the client's own words."""
    return Away(
        Text(f"Kafka at {brokers} does not answer: {reason}", f"Kafka（{brokers}）没有应答：{reason}")
    )


def refused(brokers: str, reason: object) -> Fatal:
    """The brokers answered, and will not do it."""
    return Fatal(Text(f"Kafka at {brokers} refuses: {reason}", f"Kafka（{brokers}）拒绝：{reason}"))


def no_topic(topic: str) -> Fatal:
    """A topic that was never made, or that the login may not see."""
    return Fatal(
        Text(
            f"Kafka has no topic {topic}, or does not show it to this login",
            f"Kafka 中没有主题 {topic}，或当前账号无权查看",
        )
    )


def too_large(topic: str, key: bytes, reason: object) -> Fatal:
    """A message over the broker's limit. The ledger keeps its own far below any sensible limit."""
    shown = key.decode("utf-8", "replace")
    return Fatal(
        Text(
            f"a message of {shown} is too large for topic {topic} (see its max.message.bytes): {reason}",
            f"{shown} 的一条消息超过主题 {topic} 的上限（参见 max.message.bytes）：{reason}",
        )
    )


def not_installed(client: str, extra: str) -> Fatal:
    """The client that was asked for is not there."""
    return Fatal(
        Text(
            f"the Kafka client {client} is not installed: pip install 'steelyard[{extra}]'",
            f"未安装 Kafka 客户端 {client}：pip install 'steelyard[{extra}]'",
        )
    )
