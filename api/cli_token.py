"""`steelyard token`: a bearer token of the development issuer."""

from datetime import timedelta

import click

from api import terminal
from api.auth import ALL_ROLES
from api.keys import KeyFile
from api.services import now
from api.tokens import issue
from enforcement.credit.judging import BUSINESS
from enforcement.errors import SettingsError
from enforcement.fields import OfficerId
from enforcement.settings import Settings
from enforcement.values import Text, valid_region, valid_uscc


def _officer(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    from api.schemas.fields import form_of

    if not form_of(OfficerId).test(value) and not valid_uscc(value):
        raise click.BadParameter("expected an officer's id such as wz-lc-017, never a name")
    return value


def _region(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not valid_region(value):
        raise click.BadParameter("expected a GB/T 2260 code of six digits, such as 330302")
    return value


@click.command("token")
@click.option(
    "--actor",
    default="wz-lc-017",
    show_default=True,
    callback=_officer,
    help="The officer's id, or a business's code.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([*ALL_ROLES, BUSINESS]),
    required=True,
    help="A role; may be given more than once.",
)
@click.option(
    "--region", callback=_region, help="The division that the token reaches; default the bureau's own."
)
@click.option(
    "--hours", type=click.FloatRange(0.01, 24 * 366), default=12, show_default=True, help="How long it holds."
)
@terminal.as_json
def command(actor: str, roles: tuple[str, ...], region: str | None, hours: float, as_json: bool) -> None:
    """Print a bearer token of the development issuer.

    Its key is made with the first token, in STEELYARD_AUTH_KEY_FILE. Whoever can read that file can be anyone, so
    a bureau sets its identity provider (STEELYARD_OIDC_…), and then no token of this issuer is taken.

    \b
    Example:
      export TOKEN=$(steelyard token --role handler --region 330302)
      curl -H "Authorization: Bearer $TOKEN" localhost:8080/cases
    """
    settings = Settings.from_env()
    if settings.oidc_issuer:
        raise SettingsError(
            Text(
                f"STEELYARD_OIDC_ISSUER is set: tokens come from {settings.oidc_issuer}, none is made here",
                f"已设置 STEELYARD_OIDC_ISSUER：令牌由 {settings.oidc_issuer} 签发",
            )
        )
    reach, start, life = region or settings.region, now(), timedelta(hours=hours)
    token = issue(KeyFile(settings.auth_key_file), actor, roles, reach, start, life)
    if not as_json:
        click.echo(token)
        return
    expires = (start + life).isoformat(timespec="seconds")
    terminal.emit({"token": token, "actor": actor, "roles": roles, "region": reach, "expires": expires})
