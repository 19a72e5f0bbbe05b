"""The operator's command line: `python -m app.cli --help`. Settings come from the environment, as for the service.

Each command imports what it does when it is run: one that serves loads nothing of the others.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from app.commands import account_lines
from app.kernel.errors import DomainError
from app.kernel.settings import Settings
from app.measures.roles import Role

Command = Callable[[argparse.Namespace], int]

# Whose command it is, of those that a person gives; the others run by themselves, or are a developer's.
_BELONGS_TO = {
    **dict.fromkeys(("create", "deactivate", "invite", "new-secret"), ("system",)),
    **dict.fromkeys(("restore", "purge-idempotency", "sweep-files", "anonymise"), ("system",)),
    **dict.fromkeys(("rotate-key", "rotate-data-key", "rotate-checkpoint-key"), ("security",)),
    **dict.fromkeys(("link", "unlink", "remove-second-factor"), ("security",)),
    # What one of them has made or changed of an account, the other lets in.
    "activate": ("system", "security"),
    "export-audit": ("audit",),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 when what it looked for was found wrong, 2 when it was refused, 141 when
    whoever read what it says has gone."""
    chosen = _parser().parse_args(arguments)
    run: Command = chosen.run
    try:
        if chosen.administrators:
            from app.commands.administrators import Administrator, acting_as

            chosen.administrator = acting_as(Settings(), *map(Administrator, chosen.administrators))
        code = run(chosen)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # What was done is done. What is left unsaid would be tried once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except ValidationError as error:
        # Settings that cannot be: told by their names, never with what was given for them.
        for detail in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in detail["loc"]).upper()
            print(f"AWARD_{name}: {detail['msg']}", file=sys.stderr)
        return 2
    except DomainError as error:
        print(f"{error.message.zh} / {error.message.en}", file=sys.stderr)
        for fault in error.errors:
            print(f"  {fault.pointer}: {fault.message.zh} / {fault.message.en}", file=sys.stderr)
        return 2


def _migrate(_: argparse.Namespace) -> int:
    from app.commands import serving

    serving.migrate(Settings())
    return 0


def _serve(chosen: argparse.Namespace) -> int:
    # What is imported stays: looking through it for garbage takes a tenth of the start. The server turns it on again.
    gc.disable()
    from app.commands import serving

    serving.serve(Settings(), host=chosen.host, port=chosen.port, workers=chosen.workers)
    return 0


def _start(chosen: argparse.Namespace) -> int:
    gc.disable()
    from app.commands import serving

    serving.start(Settings(), host=chosen.host, port=chosen.port)
    return 0


def _verify_audit(chosen: argparse.Namespace) -> int:
    from app.commands import record

    found = asyncio.run(record.verify(Settings(), checkpoints=chosen.checkpoint, keys_file=chosen.keys))
    print(record.as_json(found) if chosen.json else "\n".join(record.lines(found)))
    return 0 if found.intact and not found.closed else 1


def _checkpoint(_: argparse.Namespace) -> int:
    from app.commands import record

    made = asyncio.run(record.checkpoint(Settings()))
    print("no checkpoint was made" if made is None else f"checkpoint of {made.size} entries, head {made.head}")
    return 0


def _backup(chosen: argparse.Namespace) -> int:
    from app.commands import backup

    place, made = backup.back_up(Settings(), chosen.folder, keep=chosen.keep)
    for key in made.damaged:
        print(f"DAMAGED: the file {key} is missing or another than its row knows: it is not in the backup")
    print(f"{place}: {made.entries} entries, {made.files} file(s), {made.checkpoints} checkpoint(s)")
    for item in made.keys:
        print(f"keep apart from it: {item.path} ({', '.join(item.keys) or 'no keys'})")
    return 1 if made.damaged else 0


def _restore(chosen: argparse.Namespace) -> int:
    from app.commands import record, restore

    found = restore.restore(Settings(), chosen.backup, checkpoints=chosen.checkpoint, keys_file=chosen.keys)
    print("\n".join([*restore.lines(found), *record.lines(found.verified)]))
    return 0 if found.whole else 1


def _export_audit(chosen: argparse.Namespace) -> int:
    from app.commands import export_audit

    done = asyncio.run(
        export_audit.export(
            Settings(), chosen.folder, first_day=chosen.first_day, last_day=chosen.last_day, keep=chosen.keep_months
        )
    )
    for name in done.removed:
        print(f"{name} removed; the service keeps its entries")
    print(f"{done.written} entries written; the last that lies there is {done.last}")
    return 0


def _rotate_checkpoint_key(_: argparse.Namespace) -> int:
    from app.commands import record

    print(f"{record.rotate(Settings())} signs checkpoints from now on; the public halves of the others stay.")
    return 0


def _rotate_key(chosen: argparse.Namespace) -> int:
    from app.commands import upkeep

    kid = upkeep.rotate_key(Settings(), after=chosen.after, keep=chosen.keep)
    when = f"in {chosen.after} seconds" if chosen.after and chosen.keep > 1 else "from now on"
    print(f"{kid} is published within seconds and signs {when}. Nothing needs a restart.")
    return 0


def _rotate_data_key(_: argparse.Namespace) -> int:
    from app.commands import upkeep

    made = asyncio.run(upkeep.rotate_data_key(Settings()))
    print(
        f"{made.kid} seals from now on; {made.sealed} value(s) were sealed anew. The others of the file go on opening."
    )
    if made.closed:
        print(f"CLOSED: {made.closed} value(s) do not open, and were left as they are (see verify-audit)")
    return 1 if made.closed else 0


def _anonymise(chosen: argparse.Namespace) -> int:
    from app.commands import anonymise

    if chosen.dry_run:
        print("\n".join(anonymise.listed(asyncio.run(anonymise.list_due(Settings())))))
    else:
        print("\n".join(anonymise.done(asyncio.run(anonymise.anonymise(Settings())))))
    return 0


def _deliver_webhooks(chosen: argparse.Namespace) -> int:
    from app.commands import deliver_webhooks

    return deliver_webhooks.run(Settings(), once=chosen.once)


def _openapi(chosen: argparse.Namespace) -> int:
    from app.commands import contract
    from app.web.contract_layout import CONTRACT

    if chosen.release:
        print(f"{contract.release_contract().name}: written")
        return 0
    print(f"{CONTRACT.name}: {'written' if contract.write_contract() else 'unchanged'}")
    return 0


def _docs(_: argparse.Namespace) -> int:
    from app.commands import contract

    changed = contract.write_docs()
    print("\n".join(path.name for path in changed) or "unchanged")
    return 0


def _purge(chosen: argparse.Namespace) -> int:
    from app.commands import upkeep

    print(f"{asyncio.run(upkeep.purge_idempotency(Settings(), days=chosen.days))} stored answer(s) forgotten")
    return 0


def _sweep(chosen: argparse.Namespace) -> int:
    from app.commands import upkeep

    orphans = asyncio.run(upkeep.sweep_files(Settings(), remove=chosen.remove))
    for item in orphans:
        print(f"{item.key}  {item.size} bytes  {item.last_modified.isoformat(timespec='seconds')}")
    print(f"{len(orphans)} file(s) without a record{' removed' if chosen.remove else ''}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.cli", description="Operating the quality award service.")
    commands = parser.add_subparsers(metavar="command", required=True)
    _add(commands, "migrate", _migrate, "bring the database to the newest schema")
    served = _add(commands, "serve", _serve, "serve; the database is migrated already")
    served.add_argument("--workers", type=_whole(1, 64), default=1, help="processes, one a core")
    started = _add(commands, "start", _start, "migrate, say where the service is, serve")
    for parser_of in (served, started):
        parser_of.add_argument("--host", default="127.0.0.1")
        parser_of.add_argument("--port", type=_whole(1, 65535), default=8000)
    _add_record(commands)
    _add_accounts(commands)
    rotated = _add(commands, "rotate-key", _rotate_key, "put a new signing key in front")
    rotated.add_argument(
        "--after",
        type=_whole(0, 86_400),
        default=600,
        help="seconds until it signs; meanwhile it is published, so that partners' copies of the JWKS hold it",
    )
    rotated.add_argument(
        "--keep",
        type=_whole(1, 10),
        default=2,
        help="keys that stay, the new one included; 1 voids every token at once",
    )
    _add(commands, "rotate-data-key", _rotate_data_key, "put a new key in front that seals what the database keeps")
    told = _add(
        commands, "deliver-webhooks", _deliver_webhooks, "tell the webhooks of the recommending units what changed"
    )
    told.add_argument("--once", action="store_true", help="one pass, then end")
    written = _add(commands, "openapi", _openapi, "write openapi/openapi.json")
    written.add_argument("--release", action="store_true", help="keep it as that of this version in openapi/released")
    _add(commands, "docs", _docs, "write the generated pages of docs/")
    purged = _add(commands, "purge-idempotency", _purge, "forget answers kept for Idempotency-Key")
    purged.add_argument("--days", type=_whole(1, 3650), default=7, help="keep those of the last days")
    swept = _add(commands, "sweep-files", _sweep, "list stored files that no record names, older than an hour")
    swept.add_argument("--remove", action="store_true", help="remove them as well")
    forgotten = _add(commands, "anonymise", _anonymise, "anonymise personal data whose time of keeping is over")
    forgotten.add_argument(
        "--due", action="store_true", required=True, help="all that is due, as the service does daily"
    )
    forgotten.add_argument("--dry-run", action="store_true", help="list what is due and what is held, change nothing")
    return parser


def _add_record(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verified = _add(
        commands,
        "verify-audit",
        _verify_audit,
        "look at the whole record: the log, its checkpoints, files, money, seats; exit 1 and list what does not hold",
    )
    verified.add_argument("--json", action="store_true", help="for programs")
    made = _add(commands, "backup", _backup, "back up database, files and checkpoints, while the service runs")
    made.add_argument("folder", type=Path, help="where backups lie; files that lie there already are not copied again")
    made.add_argument("--keep", type=_whole(1, 10_000), help="how many backups stay; all where it is not said")
    restored = _add(commands, "restore", _restore, "put a backup back where nothing lies, and prove it")
    restored.add_argument("backup", type=Path, help="a backup, or a folder of them for the newest")
    for parser_of in (verified, restored):
        parser_of.add_argument(
            "--checkpoint",
            type=Path,
            action="append",
            default=[],
            help="a file with checkpoints that somebody kept, compared as well; may be given several times",
        )
        parser_of.add_argument("--keys", type=Path, help="the published keys that were kept with them, not our own")
    exported = _add(commands, "export-audit", _export_audit, "write the audit log as JSON lines, for a log host")
    exported.add_argument("folder", type=Path, help="one file a month; carried on where it was left off")
    exported.add_argument("--from", dest="first_day", type=date.fromisoformat, help="first day, in Huichang")
    exported.add_argument("--to", dest="last_day", type=date.fromisoformat, help="last day")
    exported.add_argument(
        "--keep-months",
        # 《中华人民共和国网络安全法》 has logs kept for six months at least.
        type=_whole(6, 1200),
        help="files of older months go; six at least. The service itself keeps every entry",
    )
    _add(commands, "checkpoint", _checkpoint, "sign the end of the audit log now, where it has grown")
    _add(commands, "rotate-checkpoint-key", _rotate_checkpoint_key, "put a new key in front that signs checkpoints")


def _add_accounts(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("accounts", help="accounts of any role").add_subparsers(metavar="act", required=True)
    made = _add(group, "create", account_lines.create_account, "make an account; invitation or secret is shown once")
    made.add_argument("--role", required=True, choices=[role.value for role in Role if role is not Role.PUBLIC])
    made.add_argument("--name", help="display name; the login where missing")
    made.add_argument("--machine", action="store_true", help="signs in by client credentials")
    made.add_argument("--party", help="name of the unit or department, credit code of the organisation")
    made.add_argument("--membership", choices=["edit", "submit"], default="submit", help="of an applicant")
    others = [
        _add(group, "deactivate", account_lines.deactivate_account, "stop an account at once"),
        _add(group, "activate", account_lines.activate_account, "let a deactivated account sign in again"),
        _add(group, "invite", account_lines.invite, "invite a person to choose another password; the old one is void"),
        _add(group, "new-secret", account_lines.new_secret, "draw a new secret for a machine; the old one is void"),
    ]
    linked = _add(group, "link", account_lines.link, "link with a subject of the outside provider")
    linked.add_argument("--subject", required=True, help="who it is there: the value of the subject claim")
    others += [
        linked,
        _add(group, "unlink", account_lines.unlink, "end the link with the outside provider"),
        _add(group, "remove-second-factor", account_lines.remove_second_factor, "for somebody who has lost the device"),
    ]
    for item in (made, *others):
        item.add_argument("--login", required=True, type=_login)
    for item in others:
        item.add_argument("--reason", required=True, help="kept in the audit log")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Command, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run, administrators=_BELONGS_TO.get(name, ()))
    return parser


def _whole(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"from {low} to {high}")
        return value

    return number


def _login(text: str) -> str:
    allowed = text.isascii() and all(char.isalnum() or char in "._@-" for char in text)
    if not allowed or not 3 <= len(text) <= 80:
        raise argparse.ArgumentTypeError("3 to 80 letters, digits, . _ @ -")
    return text


if __name__ == "__main__":
    sys.exit(main())
