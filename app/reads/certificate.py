"""The verification of a certificate (Arts. 23, 31)."""

from __future__ import annotations

from datetime import date

from app.kernel.errors import existing
from app.measures.validity import AwardFacts, certificate_status
from app.reads.frozen import parameters
from app.reads.wire import Answer, dumps
from app.services.awards.register import printed_in_register
from app.store import awards as store
from app.store.readers import Reader


async def certificate(reader: Reader, *, number: str, on: date) -> Answer:
    """The certificate of this number with its status on that day; `NotFound` where no award that was conferred has
    it. A revoked one is shown as revoked, one that was taken back as that, none as missing."""
    row = existing(await store.certificate(reader, number), "没有此编号的证书", "No certificate has this number")
    facts = AwardFacts(row.awarded_name, row.conferred_on, row.award_year, row.revoked_on, row.revoked_under)
    told = certificate_status(award=facts, on=on, parameters=parameters(row.parameters))
    message = told.findings[0].message
    return Answer(
        dumps(
            {
                "certificate_number": row.certificate_number,
                "awarded_name": row.awarded_name,
                "printed_name": printed_in_register(row),
                "award_year": row.award_year,
                "status": told.status,
                "issued_on": row.certificate_issued_on,
                "valid_from": told.valid_from,
                "valid_until": told.last_day,
                "revoked_on": told.revoked_on,
                "revoked_under": told.revoked_under,
                "revocation_annulled_on": row.revocation_annulled_on,
                "holder_dissolved_on": row.holder_dissolved_on,
                "message_zh": message.zh,
                "message_en": message.en,
                "is_sample": row.is_sample,
            }
        )
    )
