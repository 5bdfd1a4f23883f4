"""TLS, SCRAM and permissions, with both clients against a broker that insists on them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from kafka.admin import UserScramCredentialUpsertion as Credential

from streams.clients import library
from streams.port import Access, Away, Clients, Fatal
from tests.kafka.broker import Broker
from tests.kafka.plugin import running
from tests.kafka.streamside import begin, held, make, numbers, poll_until, records, sending, settle

PASSWORD = "steel and yard"
Login = Callable[..., Clients]


def certificate() -> tuple[str, str]:
    """A self-signed certificate for 127.0.0.1 and its key (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    hidden = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signed.public_bytes(serialization.Encoding.PEM).decode(), hidden.decode()


def guarded(chain: str, key: str) -> dict[str, str]:
    """A third door with TLS and SCRAM, behind which nothing is allowed that was not granted."""
    login = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    return {
        "listeners": ",SECURE://127.0.0.1:{further}",
        "advertised.listeners": ",SECURE://127.0.0.1:{further}",
        "listener.security.protocol.map": ",SECURE:SASL_SSL",
        "listener.name.secure.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.secure.scram-sha-512.sasl.jaas.config": login,
        "listener.name.secure.ssl.keystore.type": "PEM",
        "listener.name.secure.ssl.keystore.certificate.chain": chain,
        "listener.name.secure.ssl.keystore.key": key,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }


@pytest.fixture(scope="module")
def trusted() -> tuple[str, str]:
    return certificate()


@pytest.fixture(scope="module")
def fortress(trusted: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker, with the user `relay`."""
    with running(tmp_path_factory.mktemp("fortress"), guarded(*trusted)) as broker:
        admin = KafkaAdminClient(bootstrap_servers=broker.address)
        made = admin.alter_user_scram_credentials(
            [Credential("relay", "SCRAM-SHA-512", PASSWORD, iterations=4096)]
        )
        admin.close()
        assert made == {"relay": None}
        yield broker


@pytest.fixture
def login(client: str, fortress: Broker, trusted: tuple[str, str], tmp_path: Path) -> Login:
    """The library, logged in through TLS."""

    def open_door(password: str = PASSWORD, chain: str = trusted[0], user: str = "relay") -> Clients:
        secret, authority = tmp_path / "password", tmp_path / "ca.pem"
        secret.write_text(password + "\n")
        authority.write_text(chain)
        access = Access(
            brokers=fortress.further, security="SASL_SSL", ca_file=authority, user=user, password_file=secret
        )
        return library(client, access)

    return open_door


def grant(broker: Broker, kind: ResourceType, name: str, *operations: ACLOperation) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.address)
    admin.create_acls(
        [
            ACL("User:relay", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name))
            for operation in operations
        ]
    )
    admin.close()


@pytest.fixture
def inside(client: str, fortress: Broker) -> Clients:
    """The library at the door where everything is allowed."""
    return library(client, Access(brokers=fortress.address))


def test_what_is_granted_works_through_tls_and_scram(
    inside: Clients, login: Login, fortress: Broker, prefix: str
) -> None:
    topic = make(inside, prefix + "granted", 2)
    grant(fortress, ResourceType.TOPIC, topic, ACLOperation.WRITE, ACLOperation.READ)
    grant(fortress, ResourceType.GROUP, prefix + "group", ACLOperation.READ)
    with sending(login()) as send:
        send(records(topic, range(500)))
    consumer = login().consumer()
    consumer.join(prefix + "group", [topic])
    settle(consumer, until=lambda: held(consumer) == {0, 1})
    begin(consumer)
    assert sorted(numbers(poll_until(consumer, lambda found: len(found) == 500))) == list(range(500))
    consumer.close()


def test_a_wrong_password_is_told_to_everyone(client: str, login: Login, prefix: str) -> None:
    expected = Fatal if client == "librdkafka" else (Fatal, Away)
    for password, user in (("wrong", "relay"), (PASSWORD, "nobody")):
        clients = login(password, user=user)
        with pytest.raises(expected, match=r"refuses|password"), sending(clients, 2.0) as send:
            send(records(prefix + "any", [1]))
        with pytest.raises(expected, match=r"refuses|password"):
            clients.admin(2.0).describe([prefix + "any"])
        with pytest.raises(expected, match=r"refuses|password"):
            clients.consumer(2.0).join(prefix + "group", [prefix + "any"])


def test_a_certificate_of_a_stranger_is_not_trusted(login: Login, prefix: str) -> None:
    stranger, _ = certificate()
    with pytest.raises(Away, match=r"does not answer.*[Vv]erif"):
        login(chain=stranger).admin(2.0).describe([prefix + "any"])


def test_writing_without_permission_is_fatal(
    inside: Clients, login: Login, fortress: Broker, prefix: str
) -> None:
    topic = make(inside, prefix + "seen")
    with sending(login(), 10.0) as send:
        with pytest.raises(Fatal, match=f"no topic {topic}, or does not show it"):
            send(records(topic, [1]))
        grant(fortress, ResourceType.TOPIC, topic, ACLOperation.DESCRIBE)
        with pytest.raises(Fatal, match=r"refuses.*[Aa]uthorization"):
            send(records(topic, [2]))
    consumer = inside.consumer()
    assert sum(consumer.ends(topic).values()) == 0
    consumer.close()


def test_reading_without_permission_is_fatal(
    inside: Clients, login: Login, fortress: Broker, prefix: str
) -> None:
    topic = make(inside, prefix + "closed")
    grant(fortress, ResourceType.TOPIC, topic, ACLOperation.DESCRIBE)
    consumer = login().consumer(10.0)
    consumer.join(prefix + "group", [topic])
    with pytest.raises(Fatal, match=r"refuses.*[Aa]uthorization"):
        settle(consumer, until=lambda: False, patience=20)
    consumer.close()
