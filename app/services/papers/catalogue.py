"""The papers that there are: of what, for whom, by whom issued, with which places and tables."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

from app.measures.roles import Role
from app.services.papers.wording import Fault, Wording, read

OFFICE = "会昌县质量强县工作领导小组办公室"
GOVERNMENT = "会昌县人民政府"


class Collection(StrEnum):
    """What has papers, as its addresses call it."""

    ROUNDS = "rounds"
    APPLICATIONS = "applications"
    CONSULTATIONS = "consultations"
    NOTICES = "notices"
    AWARDS = "awards"
    OBJECTIONS = "objections"
    REVOCATIONS = "revocations"
    VISITS = "visits"
    PAPER_TEMPLATES = "paper-templates"


class IssuedForm(StrEnum):
    """In which an issued paper is had: as it was issued, to be edited, or as it was sealed and scanned."""

    PDF = "pdf"
    DOCX = "docx"
    SCAN = "scan"


class PaperKey(StrEnum):
    """Every paper by its key, in the order of a round."""

    CALL = "call"
    APPLICATION_REGISTER = "application_register"
    UNDERTAKING = "undertaking"
    QUALIFIED_LIST = "qualified_list"
    EVALUATION_REPORT = "evaluation_report"
    MINUTES = "minutes"
    BALLOTS = "ballots"
    CANDIDATE_NOTICE = "candidate_notice"
    OBJECTION_REGISTER = "objection_register"
    PROPOSED_LIST = "proposed_list"
    SUBMISSION = "submission"
    DECREE = "decree"
    PLAQUE_ORDER = "plaque_order"
    DISBURSEMENT_LIST = "disbursement_list"
    APPLICATION_FORM = "application_form"
    RECOMMENDATION_FORM = "recommendation_form"
    CORRECTION_REQUEST = "correction_request"
    MATERIAL_REPORT = "material_report"
    ONSITE_REPORT = "onsite_report"
    DEPARTMENT_OPINION = "department_opinion"
    PUBLICITY_CHANGE = "publicity_change"
    CERTIFICATE = "certificate"
    OBJECTION_RECORD = "objection_record"
    OBJECTION_REPLY = "objection_reply"
    CASE_NOTICE = "case_notice"
    REVOCATION_SUBMISSION = "revocation_submission"
    REVOCATION_NOTICE = "revocation_notice"
    RECOVERY_LETTER = "recovery_letter"
    VISIT_RECORD = "visit_record"


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One paper. `readers`: the roles that may have it of an object that they see; `party`: whose the object is has it
    too. `issuers`: who issues it; a form that its own signer fills in is issued by nobody. `public`: anybody has it
    once it is issued. `issuer`: in whose name. `places`, `tables`: what its words can name; `must`: what the office's
    own words have to name of it, a table as 表：its name. `after`: the act on record that it tells."""

    key: str
    of: Collection
    zh: str
    en: str
    article: str
    readers: frozenset[Role]
    issuers: frozenset[Role]
    issuer: str
    places: tuple[str, ...]
    tables: tuple[str, ...] = ()
    after: str | None = None
    must: tuple[str, ...] = ()
    public: bool = False
    layout: Literal["official", "certificate"] = "official"
    wide: bool = False

    @property
    def for_the_government(self) -> bool:
        """Whether it speaks in the government's name."""
        return self.issuer == GOVERNMENT

    @property
    def formats(self) -> tuple[str, ...]:
        """In which it can be had; what has tables can be had as tables."""
        return ("pdf", "docx", "xlsx", "csv") if self.tables else ("pdf", "docx")


# Of every paper: what is known once it is issued. Of a round's, of an organisation's: what each of them can name.
_ALWAYS = ("发文字号", "成文日期", "承办机关", "县政府")
_ROUND = (*_ALWAYS, "届次", "年度", "活动名称", "办法文号")
_BEGINS = {"always": _ALWAYS, "round": _ROUND, "party": (*_ROUND, "组织名称", "统一社会信用代码")}


def _kind(
    *,
    key: str,
    of: str,
    zh: str,
    en: str,
    article: str,
    readers: list[str],
    issuers: list[str],
    issuer: Literal["office", "government"],
    begins: str,
    places: list[str],
    tables: Sequence[str] = (),
    after: str | None = None,
    must: Sequence[str] = (),
    public: bool = False,
    layout: Literal["official", "certificate"] = "official",
    wide: bool = False,
) -> PaperKind:
    return PaperKind(
        key,
        Collection(of),
        zh,
        en,
        article,
        frozenset(map(Role, readers)),
        frozenset(map(Role, issuers)),
        OFFICE if issuer == "office" else GOVERNMENT,
        (*_BEGINS[begins], *places),
        tuple(tables),
        after,
        tuple(must),
        public,
        layout,
        wide,
    )


_DATA = files("app.services.papers")
_ALL = tuple(_kind(**item) for item in tomllib.loads(_DATA.joinpath("papers.toml").read_text("utf-8"))["paper"])

KINDS: Mapping[str, PaperKind] = {kind.key: kind for kind in _ALL}
# Several papers of a round in one archive, each in the order of its name.
ARCHIVES = {
    "executive_meeting": ("submission", "proposed_list", "candidate_notice", "minutes", "evaluation_report"),
    "certificates": ("certificate",),
}


def kinds_of(collection: Collection) -> list[PaperKind]:
    """The papers of such an object, in the order of a round."""
    return [kind for kind in _ALL if kind.of is collection]


@cache
def shipped_words(key: str) -> str:
    """The words that a paper has where the office has put none in force."""
    return _DATA.joinpath("words", f"{key}.txt").read_text("utf-8")


@cache
def shipped(key: str) -> Wording:
    """The same as they are read; a fault in them is ours."""
    kind = KINDS[key]
    wording, faults = worded(kind, shipped_words(key))
    if faults:
        raise RuntimeError(f"{key}: {faults}")
    return wording


def worded(kind: PaperKind, source: str) -> tuple[Wording, list[Fault]]:
    """Words for the paper as they are read, and what is wrong with them: beside what `read` finds, what the paper has
    to say and they do not, and the government's name over or under a paper of the office."""
    wording, faults = read(source, places=kind.places, tables=kind.tables)
    said = wording.names(kind.layout)
    faults += [Fault(1, f"缺少“{name}”", f"It has to name {name!r}") for name in kind.must if name not in said]
    above = "".join(wording.heads.get(name, "") for name in ("masthead", "signature"))
    if not kind.for_the_government and ("县政府" in above or "人民政府" in above):
        faults.append(Fault(1, "办公室的文书不能以县政府名义", "A paper of the office is not in the government's name"))
    return wording, faults
