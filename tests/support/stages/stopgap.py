import itertools
from datetime import date
from app.store.identity import Account
from app.store.parties import Organisation
from app.store.base import new_id
from app.measures.roles import Role
from tests.support.seed import PASSWORD_HASH, EPOCH
_n = itertools.count(1)
def register(world, **given):
    n = next(_n)
    oid, aid = new_id(), new_id()
    values = dict(name=f"样例制造有限公司{n}", uscc=f"91360733MA{n:08d}", uscc_checksum_ok=True, legal_form="limited_company",
        registered_address="江西省赣州市会昌县文武坝镇样例路1号", county_code="360733", area="文武坝镇", established_on=date(2015,5,20), sector="1392", operating=True)
    given = {k:(date.fromisoformat(v) if k=="established_on" and isinstance(v,str) else v) for k,v in given.items()}
    values |= given
    lineage = values.pop("lineage_id", oid)
    async def go():
        async with world.client.app.state.database.writing() as s:
            s.add(Organisation(id=oid, created_at=EPOCH, lineage_id=lineage, **values))
            await s.flush()
            s.add(Account(id=aid, created_at=EPOCH, login=f"applicant{n}", kind="person", role="applicant", display_name="x", secret_hash=PASSWORD_HASH, organisation_id=oid, membership="submit", tokens_valid_from=EPOCH))
            await s.commit()
    world.client.portal.call(go)
    return str(oid), world.account(aid, Role.APPLICANT)
