"""Who may call a route, and how far a caller sees.

Every view says who may call it, by `@roles(...)` or `@public`; `access_table` refuses an application in which
one says neither, so that a forgotten route is a failed start and not an open door. The check itself runs before
every view. Which officer may take which statutory step is not decided here: that is the procedure's table.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, get_args

from flask import Flask, g, request

from api.context import services
from api.errors import RoleMissing, Unauthenticated
from api.tokens import Caller, Verifier
from enforcement.credit.judging import BUSINESS
from enforcement.errors import NotFound, NotPermitted
from enforcement.registry.inspector import Role
from enforcement.registry.register import Registered
from enforcement.values import Text, region_covers

ALL_ROLES: tuple[str, ...] = get_args(Role)
APART = ("custodian", "finance")
"""举报信息保管人 · 财务: only what names them; they read neither cases nor registers."""
ROLES = tuple(role for role in ALL_ROLES if role not in APART)
OFFICERS = tuple(role for role in ROLES if role not in ("auditor", "bureau_system"))
"""受理 · 办案人员 · 办案机构负责人 · 负责人 · 主要负责人 · 审核人员 · 听证主持人."""
RECORDERS = ("intake", "handler", "unit_head", "head", "principal_head", "bureau_system")
"""Who records steps of procedures about credit; which of them may take which step is the table's matter."""
CREDIT_READERS = (*RECORDERS, "reviewer", "hearing_host", "auditor", BUSINESS)
"""Officers, and a business for itself: the class is an internal tool."""
ACCESS = "__steelyard_access__"
ROUTE = "steelyard.route"
"""Where the request's environment names the route, for the figures."""
NOBODY_IN_PARTICULAR: tuple[str, ...] = ()

View = TypeVar("View", bound=Callable[..., Any])


def roles(*names: str) -> Callable[[View], View]:
    """The view may be called with any of these roles."""
    unknown = set(names) - {*ALL_ROLES, BUSINESS}
    if unknown or not names:
        raise TypeError(
            f"a view needs one or more of the roles {', '.join(ALL_ROLES)}; got {', '.join(names)}"
        )
    return _declares(names)


def public(view: View) -> View:
    """The view may be called by anyone, without a token."""
    return _declares(NOBODY_IN_PARTICULAR)(view)


def _declares(names: tuple[str, ...]) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, ACCESS, names)
        apidoc = dict(getattr(view, "_apidoc", {}))
        apidoc["access"] = names
        view._apidoc = apidoc  # type: ignore[attr-defined]
        return view

    return declare


def access_table(app: Flask) -> dict[str, tuple[str, ...]]:
    """Endpoint → roles, for every route of the application; an undeclared one is a TypeError."""
    undeclared = sorted(name for name, view in app.view_functions.items() if not hasattr(view, ACCESS))
    if undeclared:
        raise TypeError(f"these views declare neither roles nor @public: {', '.join(undeclared)}")
    return {name: getattr(view, ACCESS) for name, view in app.view_functions.items()}


def guard(app: Flask, table: Mapping[str, tuple[str, ...]], verifier: Verifier) -> None:
    """Check every request against the table before its view runs."""

    @app.before_request
    def authorise() -> None:
        endpoint = request.endpoint
        if endpoint is None:
            return
        environ = request.environ
        environ[ROUTE] = endpoint
        allowed = table[endpoint]
        if allowed:
            caller = verifier.caller(_bearer(environ.get("HTTP_AUTHORIZATION", "")))
            g.caller = caller
            g.role = role_of(caller, allowed, environ.get("HTTP_STEELYARD_ROLE"))


def _bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(Text("this route asks for a bearer token", "该接口需要 Bearer 令牌"), error="")
    return token.strip()


def role_of(caller: Caller, allowed: tuple[str, ...], named: str | None) -> str:
    """The role acted in: the one the request names, else the first of the token's roles that is allowed."""
    for role in caller.roles if named is None else (named,):
        if role in allowed and role in caller.roles:
            return role
    wanted, held = ", ".join(allowed), ", ".join(caller.roles if named is None else (named,))
    raise RoleMissing(
        Text(
            f"this route asks for one of the roles {wanted}; acted as {held}",
            f"该接口要求角色：{wanted}；当前：{held}",
        ),
        allowed=list(allowed),
    )


def act_as(allowed: Sequence[str]) -> str:
    """The role for an act that some of the route's roles may do: the one the request names, else the first that may."""
    if "HTTP_STEELYARD_ROLE" not in request.environ:
        for role in caller().roles:
            if role in allowed:
                return role
    acted: str = g.role
    return acted


def caller() -> Caller:
    """The caller of this request."""
    found: Caller = g.caller
    return found


def scope() -> str | None:
    """The region to which the caller is limited; None for a token of the bureau's own region or one above it.

    The bureau's region sees everything that the ledger holds, cases that played elsewhere included.
    """
    region = caller().region
    return None if region_covers(region, services().settings.region) else region


def require_region(region: object) -> None:
    """NotPermitted where what is registered lies outside the caller's division; no code is left to the form."""
    limit = scope()
    if limit is not None and isinstance(region, str) and not region_covers(limit, region):
        raise NotPermitted(
            Text(f"your token is limited to {limit}; this is {region}", f"权限限于 {limit}，此处为 {region}"),
            region=region,
        )


def require_sight(kind: type[Registered], id: str) -> None:
    """NotFound where a thing of the registers lies outside the caller's division; asked of the ledger itself."""
    limit = scope()
    if limit is None:
        return
    ledger = services().ledger
    found = ledger.held.take(kind, id, ledger.law)
    ledger.held.keep(found)
    if not region_covers(limit, found.facts.get("region")):
        raise NotFound(kind.KIND, id)
