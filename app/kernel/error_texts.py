"""What every code means and what to do next: the one place of these sentences. `docs/errors.md` lists them."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.error_codes import ProblemCode as P
from app.measures.text import Text


@dataclass(frozen=True, slots=True)
class ProblemText:
    """A kind of error: its HTTP status (None: as the server framework says), its title, what to do next."""

    status: int | None
    title: Text
    remedy: Text

    @property
    def whole(self) -> Text:
        """Title and remedy in one breath, for an error that has nothing more particular to say."""
        return Text(f"{self.title.zh}；{self.remedy.zh}", f"{self.title.en}. {self.remedy.en}")


def _problem(status: int | None, title: tuple[str, str], remedy: tuple[str, str]) -> ProblemText:
    return ProblemText(status, Text(*title), Text(*remedy))


_READ_AGAIN = ("请重新读取后再决定是否提交", "Read it again, then decide whether to repeat")


_NOTHING_TO_DO = ("无须再提交", "Nothing is left to do")


_SIGN_IN = ("请重新登录", "Sign in again")


_LATER = ("请稍后重试；Retry-After 为应等待的秒数", "Try again later; `Retry-After` says after how many seconds")


PROBLEMS: dict[P, ProblemText] = {
    P.ALREADY_APPRAISED: _problem(409, ("本届已考评", "Already appraised"), _NOTHING_TO_DO),
    P.ALREADY_ASSIGNED: _problem(
        409, ("评审员已在该评审组", "Already on this panel"), ("请改派其他评审员", "Name another reviewer")
    ),
    P.ALREADY_AWARDED: _problem(
        409,
        ("已产生获奖结果", "Already awarded"),
        ("由县政府取消或撤销该奖项", "The government withdraws or revokes the award"),
    ),
    P.ALREADY_CANDIDATE: _problem(409, ("已在候选名单", "Already a candidate"), _NOTHING_TO_DO),
    P.ALREADY_ORDERED: _problem(409, ("奖金已下达", "Prize already ordered"), _NOTHING_TO_DO),
    P.ALREADY_PAID: _problem(
        409,
        ("奖金已登记拨付", "Prize already paid"),
        (
            "核对回单；如确有第二笔付款，立即联系质量强县办",
            "Compare the confirmations; if there was a second payment, call the office at once",
        ),
    ),
    P.ALREADY_PUBLISHED: _problem(409, ("公告已发布", "Already published"), _NOTHING_TO_DO),
    P.ALREADY_SIGNED: _problem(409, ("已签署", "Already signed"), _NOTHING_TO_DO),
    P.APPLICATION_EXISTS: _problem(
        409,
        ("本届已有申报", "The round has an application of this organisation"),
        ("请继续填报已有的申报", "Go on with the application that there is"),
    ),
    P.ATTEMPT_ALREADY_FAILED: _problem(
        409,
        ("该次拨付已报告失败", "The attempt is reported as failed"),
        (
            "等待重新下达；如款项确已付出，立即联系质量强县办",
            "Wait for the next attempt; if money did leave, call the office at once",
        ),
    ),
    P.ATTEMPT_MISMATCH: _problem(
        409,
        ("与当前拨付批次不符", "Not the present attempt"),
        ("重新拉取变更，按当前批次回报", "Pull the feed again and report on the present attempt"),
    ),
    P.BAD_REQUEST: _problem(
        400,
        ("请求无法解析", "The request cannot be parsed"),
        ("请检查请求行、请求头和请求体的编码", "Check the request line, the headers and the encoding of the body"),
    ),
    P.BATCH_REFUSED: _problem(
        422,
        ("整批未予记录", "The batch is refused as a whole"),
        ("按 errors 逐项改正后整批重新提交", "Correct each item that `errors` names and send the whole batch again"),
    ),
    P.CLAIMED_BY_ANOTHER: _problem(
        409,
        ("已由平台另一账号接收", "Another account of the platform has taken it over"),
        (
            "不要付款；由接收该拨付单的账号回报",
            "Do not pay; the account that took the order over reports on it",
        ),
    ),
    P.CONCURRENT_CHANGE: _problem(409, ("刚被他人更新", "Changed by somebody else meanwhile"), _READ_AGAIN),
    P.CONFLICT: _problem(409, ("与已有记录冲突", "In conflict with what is recorded"), _READ_AGAIN),
    P.DRY_RUN_NOT_SUPPORTED: _problem(
        422, ("不支持试运行", "Dry run not supported"), ("去掉 dry_run 后提交", "Leave `dry_run` out")
    ),
    P.DUPLICATE_HEADER: _problem(
        400,
        ("请求头重复", "A header twice"),
        (
            "同一请求头只发送一个值；每个请求用一个 Idempotency-Key",
            "Send the header once; one `Idempotency-Key` a request",
        ),
    ),
    P.FILE_EMPTY: _problem(422, ("文件为空", "Empty file"), ("请上传有内容的文件", "Upload a file with content")),
    P.FILE_INFECTED: _problem(
        422,
        ("文件有害", "Harmful file"),
        ("查杀病毒后重新导出并上传", "Clean the machine, export it anew and upload it again"),
    ),
    P.FILE_LOCKED: _problem(
        422,
        ("文件已加密", "File locked"),
        ("去除密码后重新上传", "Take the password off and upload it again"),
    ),
    P.FILE_MISSING: _problem(
        404,
        ("文件不存在", "File missing"),
        ("请凭请求编号联系管理员", "Tell the operator, naming the request id"),
    ),
    P.FILE_TOO_COSTLY: _problem(
        422,
        ("打开文件的代价过大", "File too costly to open"),
        ("用原程序重新导出或者拆分后上传", "Export it anew or split it, and upload it again"),
    ),
    P.FILE_TOO_LARGE: _problem(
        413, ("文件过大", "File too large"), ("压缩或拆分后重新上传", "Make it smaller or divide it, and upload again")
    ),
    P.FILE_UNREADABLE: _problem(
        422,
        ("文件无法打开", "File cannot be opened"),
        ("用原程序重新导出后上传", "Export it anew with the program that made it, and upload it again"),
    ),
    P.FILE_UNSAFE: _problem(
        422,
        ("文件含有脚本或者越界路径", "File with scripts or stray paths"),
        ("重新导出或者打印为 PDF 后上传", "Export it anew or print it to a PDF, and upload it again"),
    ),
    P.FILE_TYPE_REFUSED: _problem(
        415,
        ("文件类型不接受", "File type not taken"),
        ("转换为 detail 所列类型后重新上传", "Convert it to a type that `detail` names and upload again"),
    ),
    P.FORBIDDEN: _problem(
        403,
        ("无权限", "Not permitted"),
        ("请由具有相应角色的人员办理", "Leave it to somebody whose role permits it"),
    ),
    P.HTTP_ERROR: _problem(
        None,
        ("请求未能完成", "The request failed"),
        ("按状态码处理", "Go by the status"),
    ),
    P.ANSWER_WITHDRAWN: _problem(
        409,
        ("此请求已办理，但当时的应答不再提供", "Done before; its answer is not given any more"),
        ("此后账号权限有变；请以现有权限读取该对象", "The account's access has changed since; read the object itself"),
    ),
    P.IDEMPOTENCY_KEY_REUSED: _problem(
        409,
        ("Idempotency-Key 已用于另一请求", "Idempotency-Key used for another request"),
        ("换用新的 Idempotency-Key", "Use a new `Idempotency-Key`"),
    ),
    P.INTERNAL_ERROR: _problem(
        500,
        ("服务内部错误，已记录", "An internal error, recorded"),
        ("请凭请求编号联系管理员", "Tell the operator, naming the request id"),
    ),
    P.INVALID: _problem(
        422,
        ("输入有误", "Invalid input"),
        ("按 errors 所列逐项改正后重新提交", "Correct each field named in `errors` and send it again"),
    ),
    P.INVALID_CURSOR: _problem(
        422,
        ("游标无效", "Invalid cursor"),
        ("去掉 cursor，从第一页开始", "Leave `cursor` out and start at the first page"),
    ),
    P.INVALID_CLIENT: _problem(
        401,
        ("客户端未通过验证", "The client is not who it says it is"),
        ("核对 client_id 与 client_secret", "Check `client_id` and `client_secret`"),
    ),
    P.INVALID_GRANT: _problem(
        400,
        ("登录凭据无效", "The credentials do not sign in"),
        ("核对后重新登录", "Check them and sign in again"),
    ),
    P.INVALID_IF_MATCH: _problem(
        422,
        ("If-Match 格式不正确", "If-Match is not an ETag of this service"),
        ("原样填写读取时得到的 ETag", "Give the `ETag` of your last reading as it came"),
    ),
    P.INVALID_INVITATION: _problem(
        401,
        ("邀请无效、已使用或已过期", "The invitation is none, used or expired"),
        (
            "由管理员发出的邀请须附启用方给的接受码；否则请发出邀请的人重新发出",
            "An administrator's goes with the code of who has confirmed it; else ask who gave it for another one",
        ),
    ),
    P.INVALID_TOKEN: _problem(401, ("令牌无效或已过期", "Token invalid or expired"), _SIGN_IN),
    P.LEADER_ASSIGNED: _problem(
        409, ("该评审组已有组长", "The panel has its leader"), ("不再指定组长", "Name no leader")
    ),
    P.LINK_EXISTS: _problem(409, ("承继关系已登记", "The link is recorded already"), _NOTHING_TO_DO),
    P.LINK_REVERSED: _problem(
        409,
        ("已登记相反的承继关系", "The opposite link is recorded"),
        ("核对哪一方承继哪一方", "Check which of the two continues the other"),
    ),
    P.LOGIN_TAKEN: _problem(409, ("登录名已被使用", "The login is taken"), ("换一个登录名", "Choose another login")),
    P.MALFORMED_JSON: _problem(
        400,
        ("JSON 无法解析", "Malformed JSON"),
        ("改为合法的 UTF-8 JSON，字段不得重复", "Send valid JSON in UTF-8, no field twice"),
    ),
    P.METHOD_NOT_ALLOWED: _problem(
        405,
        ("不支持此方法", "This method is not supported here"),
        ("使用 Allow 所列方法", "Use one of the methods in `Allow`"),
    ),
    P.NAME_TAKEN: _problem(
        409, ("名称已登记", "The name is registered"), ("使用已登记的那一个", "Use the one that is registered")
    ),
    P.NAME_UNCHANGED: _problem(
        409, ("新名称与现名称相同", "The name is the same as before"), ("填写新名称", "Give the new name")
    ),
    P.NO_CONFLICT_DECLARED: _problem(
        409,
        ("没有利害关系记录", "No conflict of interest is recorded"),
        ("先登记利害关系，再回避", "Record the conflict of interest first"),
    ),
    P.NO_WORK_IN_ROUND: _problem(
        409,
        ("评审员未参加本届评审", "The reviewer had no assignment in this round"),
        ("核对评审员和届次", "Check reviewer and round"),
    ),
    P.NOT_ACCEPTABLE: _problem(
        406,
        ("无法提供所要求的类型", "The type asked for is not offered"),
        ("更改 Accept 请求头", "Ask for another type in `Accept`"),
    ),
    P.NOT_ACKNOWLEDGED: _problem(
        409,
        ("该拨付未经平台接收", "The order is not acknowledged"),
        (
            "可拨付的先接收再回报；已暂停的等待撤销案件的决定",
            "Acknowledge a payable order before you report on it; a held one waits for the decision on its case",
        ),
    ),
    P.NOT_CONFERRED: _problem(
        409,
        ("尚未授奖", "Not conferred yet"),
        ("授奖前发现问题的，取消其获奖资格", "Before the decree, withdraw the name instead"),
    ),
    P.NOT_FOUND: _problem(404, ("未找到", "Not found"), ("请核对地址和编号", "Check the path and the id")),
    P.NUMBER_TAKEN: _problem(
        409, ("文号已登记", "The number is recorded already"), ("核对文号", "Check the document number")
    ),
    P.PRECONDITION_REQUIRED: _problem(
        428,
        ("缺少版本条件", "Precondition required"),
        ("在 If-Match 中给出所读取版本的 ETag", "Name the `ETag` of the version you read in `If-Match`"),
    ),
    P.WORK_REQUIRED: _problem(
        429,
        ("须附工作量证明", "Proof of work required"),
        (
            "取 GET /v1/proof-challenge，解出后放入 Proof-Of-Work 请求头重新提交；或者一分钟后再试",
            "Solve a challenge of `GET /v1/proof-challenge` and send it with `Proof-Of-Work`, or wait a minute",
        ),
    ),
    P.REPLY_DEADLINE_PASSED: _problem(
        409,
        ("陈述期限已满", "The time for the reply is over"),
        ("不能再陈述，由质量强县办认定", "No reply is taken any more; the office decides"),
    ),
    P.STATEMENT_MADE: _problem(
        409,
        ("相同的陈述已在案", "This very statement is on record"),
        ("期限内有补充的，写明补充的内容", "Whoever adds to it in time says what is new"),
    ),
    P.OUTSIDE_IDENTITY_TAKEN: _problem(
        409,
        ("该外部身份或账号已关联", "This outside identity or account is linked already"),
        ("先解除原有关联", "Remove the link that there is first"),
    ),
    P.REVOCATION_PENDING: _problem(
        409,
        ("已有待决定的撤销案件", "A revocation is pending"),
        ("等待该案件作出决定", "Wait for the decision on it"),
    ),
    P.PROOF_REQUIRED: _problem(
        401,
        ("须先验证密码", "Show your password first"),
        (
            "请先 POST /v1/me/proof，再用所得令牌重试",
            "Send your password to POST /v1/me/proof, and repeat it with the token that you get",
        ),
    ),
    P.RULE_REFUSED: _problem(
        422,
        ("不符合《管理办法》的规定", "Refused by a rule of the measures"),
        ("按 violations 所列条款和办法处理", "See article and remedy of each entry of `violations`"),
    ),
    P.SECOND_FACTOR_EXISTS: _problem(
        409,
        ("已登记第二因素", "There is a second factor already"),
        ("更换设备的，先请管理员移除", "To change the device, have it removed first"),
    ),
    P.SECOND_FACTOR_MISSING: _problem(
        401,
        ("须先登记第二因素", "A second factor has to be enrolled first"),
        (
            "用验证器应用登记后再登录：POST /v1/second-factor-enrolments",
            "Enrol an authenticator at `POST /v1/second-factor-enrolments`, then sign in",
        ),
    ),
    P.SECOND_FACTOR_REQUIRED: _problem(
        401,
        ("须提供第二因素的验证码", "A code of the second factor is wanted"),
        (
            "登录时以 grant_type=second_factor 提交 challenge 和验证码；再次验证密码时在密码之外另附 code",
            "Send `challenge` and the code with `grant_type=second_factor`; at a proof, `code` beside the password",
        ),
    ),
    P.STALE_VERSION: _problem(412, ("版本已过期", "Stale version"), _READ_AGAIN),
    P.STORAGE_UNAVAILABLE: _problem(503, ("文件存储暂不可用", "File storage unavailable"), _LATER),
    P.SUBMIT_MEMBERSHIP_REQUIRED: _problem(
        403,
        ("需要提交权限", "A member with `submit` is needed"),
        ("请由本单位具有提交权限的成员办理", "Leave it to a member of the organisation who may submit"),
    ),
    P.HEADERS_TOO_LARGE: _problem(
        431, ("请求头过多或过长", "Too many headers, or too long"), ("减少请求头", "Send fewer or shorter headers")
    ),
    P.UNKNOWN_HOST: _problem(
        421,
        ("请求所指主机不是本服务", "The request names a host that is not this service"),
        ("使用本服务公布的地址", "Use the address that the service has published"),
    ),
    P.TARGET_TOO_LONG: _problem(
        414, ("请求地址过长", "The address is too long"), ("缩短地址", "Send a shorter address")
    ),
    P.TOO_SLOW: _problem(
        408, ("请求传输过慢", "The request came too slowly"), ("请重新发送整个请求", "Send the whole request again")
    ),
    P.TOO_LARGE: _problem(413, ("内容过大", "Too large"), ("减小或分批提交", "Send less, or in several parts")),
    P.TOO_MANY_FILES: _problem(
        409, ("文件数已达上限", "Too many files"), ("移除不需要的文件", "Remove what is not needed")
    ),
    P.TOO_MANY_ITEMS: _problem(422, ("项数超过上限", "Too many items"), ("分批提交", "Send them in several batches")),
    P.TOO_MANY_RENEWALS: _problem(
        409, ("更新材料过多", "Too many renewals"), ("请联系质量强县办", "Turn to the office")
    ),
    P.TOO_MANY_REQUESTS: _problem(429, ("请求过于频繁", "Too many requests"), _LATER),
    P.TOO_MANY_WEBHOOKS: _problem(
        409, ("Webhook 数已达上限", "Too many webhooks"), ("停用不需要的 Webhook", "Deactivate one that is not needed")
    ),
    P.TWO_APPLICATIONS: _problem(
        409,
        ("双方在本届均有申报", "Both have an application in the running round"),
        ("先撤回或取消其一", "Withdraw or remove one of them first"),
    ),
    P.UNAUTHENTICATED: _problem(401, ("未登录", "Not signed in"), ("请先登录", "Sign in first")),
    P.UNAVAILABLE: _problem(503, ("暂不可用", "Unavailable"), _LATER),
    P.UNKNOWN_POSITION: _problem(
        422,
        ("变更位置尚不存在", "No such position yet"),
        ("使用本服务给出的 next_after", "Use a `next_after` that this service gave"),
    ),
    P.UNREADABLE_SHEET: _problem(
        422, ("表格无法读取", "Unreadable sheet"), ("使用导出的 XLSX 表格填写", "Fill in the exported XLSX sheet")
    ),
    P.UNSUPPORTED_GRANT_TYPE: _problem(
        400,
        ("不支持的登录方式", "There is no such grant"),
        ("grant_type 须为文档所列之一", "`grant_type` is one of those that the contract lists"),
    ),
    P.UNSUPPORTED_MEDIA_TYPE: _problem(
        415,
        ("内容类型不支持", "The media type is not supported"),
        ("使用 detail 或接口文档所列类型", "Send a type that `detail` or the contract names"),
    ),
    P.USE_ALLOWED: _problem(409, ("该使用符合规定", "The use is allowed"), _NOTHING_TO_DO),
    P.WRONG_PASSWORD: _problem(401, ("原密码不正确", "The old password is wrong"), ("核对原密码", "Check it")),
    P.WRONG_STATE: _problem(
        409,
        ("当前状态不允许此操作", "Not possible in this state"),
        ("重新读取，按当前状态办理", "Read it again and go by its present state"),
    ),
}
