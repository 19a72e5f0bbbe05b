"""Every rule by its stable id: article, kind and name. The functions that decide a rule enter themselves in
`registry`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """E: the service decides. H: a person decides and the finding is recorded. N: declaratory, nothing coded."""

    E = "E"
    H = "H"
    EH = "E+H"
    N = "N"
    NH = "N/H"


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule: `article` as cited, e.g. "13(6)"; `number` the article's number, 1 to 33."""

    id: str
    article: str
    kind: Kind
    zh: str
    en: str

    @property
    def number(self) -> int:
        """The number of the article, 1 to 33."""
        return int(self.article.split("(")[0])


_TABLE = """
art01.purpose|1|N|目的与依据|Purpose and legal basis
art02.decider|2|E|组织评审与审定批准分权|The office proposes, the government decides
art03.recommendation|3|E|须经一个推荐单位推荐|Endorsement by one recommending unit
art04.recipient|4|E|授予企事业组织|Recipients are enterprises and public institutions
art04.merit|4|H|同行业领先与突出贡献|Leading position and outstanding contribution
art05.lookback|5|E|前三年业绩|Three complete years of performance
art06.cycle|6|E|每两年评审一次|One round every second year
art06.seats|6|E|名额上限|Caps on seats
art06.vacancy|6|E|奖项可以空缺|Seats may stay empty
art06.interval|6|E|间隔两届后可再申报|Two rounds between awards
art06.repeat_award|6|E|复评获奖|A repeat award: certificate and title only
art07.no_fee|7|E|评审不收费|No fee of any kind
art08.prize|8|E|首次获奖的奖励|The prize of a first award
art09.disbursement|9|E|奖金拨付|Disbursement of the prize
art10.review_rules|10|E|评审规则先定后用|Review rules frozen before the call
art10.proposes|10|E|质量强县办提出名单|Only the office fixes the lists
art11.pool|11|E|评审员专家库|Reviewers come from the expert pool
art11.verification|11|H|业绩与社会反映核实|Verification of record and social feedback
art11.deliberation|11|E|评委会审议|Deliberation by the review committee
art12.jurisdiction|12|E+H|推荐单位的辖区与行业|A unit's own area or industry
art12.cultivation|12|N/H|培育与推广|Cultivation and promotion
art13.1.local|13(1)|E|在会昌县注册登记|Registered in Huichang County
art13.1.identity|13(1)|E+H|申报组织身份核实|The registration verified
art13.1.legal_person|13(1)|E|具有法人资格|Legal personality
art13.1.age|13(1)|E|经营满三年|Three years of operation
art13.2.compliance|13(2)|E+H|政策符合与资质|Policy conformity and licences
art13.3.certified|13(3)|E|通过管理体系认证|A valid management-system certificate
art13.4.non_profit|13(4)|E+H|从事非赢利性业务|Not for profit
art13.4.safety|13(4)|E|安全生产标准化|Safety standardisation
art13.4.profit|13(4)|E|近两年持续盈利|Profit in each of two years
art13.4.leading|13(4)|H|指标居同行业领先|Indicators lead the industry
art13.5.distinctive|13(5)|H|特色与推广价值|Distinctive and worth spreading
art13.6.record|13(6)|E+H|三年内无不良记录|No adverse record in three years
art13.6.higher_award|13(6)|E|已获更高级别质量奖|Holder of a higher award
art14.encouraged|14|N|鼓励中小企业|Smaller firms are encouraged
art15.preferred|15|N|支持龙头企业|Leading firms are supported
art16.call|16|E|发布公告与受理期限|The published call and its deadline
art17.qualification|17|E+H|资格审查|Qualification review
art18.material|18|E|材料评审|Material review
art19.onsite|19|E|现场评审|On-site review
art20.evaluation|20|E|综合评价|Evaluation
art21.publicity|21|E|名单公示|Publicity of the candidates
art21.objections|21|E|异议核实|Objections
art21.disclosure|21|E|身份查看|Disclosure of an identity
art21.proposed|21|E|拟奖名单|The proposed list
art22.approval|22|E|批准发布|Approval and decree
art23.validity|23|E|有效期|Validity
art23.title_use|23|E+H|称号使用|Use of the title
art24.improvement|24|N|持续改进|Continued improvement
art25.sharing|25|E|经验推广|Sharing of experience
art26.fraud|26|E+H|弄虚作假|Fraud
art27.visits|27|E|定期巡访|Visits to winners
art28.grounds|28|E+H|撤销情形|Grounds of revocation
art26_28.together|28|E|两类撤销的竞合|Fraud prevails over other grounds
exclusions|28|E|不得申报期|Periods of exclusion
art29.secrecy|29|E|保密与廉洁|Confidentiality and integrity
art29.recusal|29|E|回避|Recusal
art30.misconduct|30|E|评审违规|Misconduct in the review
art31.verification|31|E|证书查验|Verification of certificates
art31.exclusive|31|N/H|禁止伪造冒用|Forgery and misuse
art32.interpretations|32|E|解释|Interpretations
art33.in_force|33|E|施行与试行期|In force
"""

CATALOGUE: dict[str, RuleEntry] = {
    rule_id: RuleEntry(rule_id, article, Kind(kind), zh, en)
    for rule_id, article, kind, zh, en in (line.split("|") for line in _TABLE.strip().splitlines())
}


def article_of(rule_id: str | None) -> str | None:
    """The article of a rule, e.g. "13(6)"; None where no rule is named."""
    return None if rule_id is None else CATALOGUE[rule_id].article
