"""How the embedded Kafka is set; the measurements stand in infra/decisions/embedded-parts.md."""

from collections.abc import Sequence
from pathlib import Path

CLUSTER_ID = "c2hvdWh1LWVtYmVkZGVkMQ"
HEAP = "160m"
JVM = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xss512k",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)


def properties(port: int, controller_port: int, logs: Path) -> str:
    """server.properties of one node that is broker and controller, reachable from this machine alone."""
    given = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": logs,
        # One node has no second copy: every batch is on disk before it is acknowledged.
        "log.flush.interval.messages": 1,
        # After a SIGKILL the controller first lets the old incarnation expire, one session time-out long.
        "broker.session.timeout.ms": 1000,
        "broker.heartbeat.interval.ms": 250,
        "auto.create.topics.enable": "false",
        "delete.topic.enable": "true",
        "group.initial.rebalance.delay.ms": 0,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        # Small threads and buffers for a small heap; the cleaner's default buffer alone is 128 MiB.
        "num.network.threads": 2,
        "num.io.threads": 3,
        "background.threads": 2,
        "log.cleaner.dedupe.buffer.size": 4_194_304,
        "log.segment.bytes": 134_217_728,
    }
    return "".join(f"{name}={value}\n" for name, value in given.items())


def logging(file: Path) -> str:
    """log4j2.properties: one file, rotated at 5 MB, three kept."""
    return f"""status=error
appenders=file
appender.file.type=RollingFile
appender.file.name=file
appender.file.fileName={file}
appender.file.filePattern={file}.%i
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d{{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}} %p %c{{1}} %m%n
appender.file.policies.type=Policies
appender.file.policies.size.type=SizeBasedTriggeringPolicy
appender.file.policies.size.size=5MB
appender.file.strategy.type=DefaultRolloverStrategy
appender.file.strategy.max=3
rootLogger.level=warn
rootLogger.appenderRefs=file
rootLogger.appenderRef.file.ref=file
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=info
"""


def java(program: Path, jars: Sequence[Path], *flags: str) -> tuple[str, ...]:
    """The command up to the main class."""
    return (str(program), f"-Xmx{HEAP}", *JVM, *flags, "-cp", ":".join(str(jar) for jar in jars))
