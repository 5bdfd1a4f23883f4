"""Reading through the pointer: the tables of the version that is live in this transaction."""

from sqlalchemy import Connection

from enforcement.errors import SteelyardError
from enforcement.values import Text
from projections import versions
from projections.model import Projection
from projections.tables import Tables, at_version


class NotFilled(SteelyardError):
    """The read model was not filled yet; come back in a moment."""

    slug = "read-model-not-ready"


def tables_of(conn: Connection, projection: Projection) -> Tables:
    """The live tables of a projection. NotFilled until a version in the form of this release is live."""
    version = versions.readable(conn, projection)
    if version is None:
        raise not_filled(projection)
    return at_version(projection.shape, version)


def not_filled(projection: Projection) -> NotFilled:
    """What is raised while a projection has no live version."""
    name = projection.name
    return NotFilled(
        Text(f"the read model {name} is being filled; try again", f"读模型 {name} 正在生成，请稍后再试")
    )
