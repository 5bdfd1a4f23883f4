"""Every problem type that the API answers with: the one table from domain error to RFC 9457 problem.

A row is found by the `slug` of the error. Adding an error class without a row here stops the start
(`api.problems.check_table`), and every row is documented under `/problems/<slug>` from the same texts.
"""

from typing import NamedTuple

from enforcement.values import Text


class ProblemType(NamedTuple):
    """One problem type: the status it travels with, its title, what it means and what helps."""

    slug: str
    status: int
    title: Text
    meaning: Text
    remedy: Text


ROWS = (
    ProblemType(
        "malformed-request",
        400,
        Text("The request cannot be read", "请求无法解析"),
        Text(
            "The body is not JSON (RFC 8259, UTF-8), an object names a member twice, or a header has not its form.",
            "请求体不是 UTF-8 编码的 JSON（RFC 8259）、对象成员重复，或请求头格式不正确。",
        ),
        Text("Send what the detail asks for.", "请按 detail 的说明修改请求。"),
    ),
    ProblemType(
        "unauthenticated",
        401,
        Text("No valid token", "缺少有效令牌"),
        Text(
            "The route asks for a bearer token (JWT); there was none, or it has expired, comes from an unknown issuer, "
            "is meant for someone else, or its signature does not hold.",
            "该接口需要 Bearer 令牌（JWT）；请求未携带令牌，或令牌已过期、签发者未知、受众不符、签名无效。",
        ),
        Text(
            "Get a new token and send it as Authorization: Bearer.",
            "请重新获取令牌，并以 Authorization: Bearer 发送。",
        ),
    ),
    ProblemType(
        "role-missing",
        403,
        Text("Another role is needed", "角色不符"),
        Text(
            "The token holds none of the roles that may call this route, or the role named in Steelyard-Role is not "
            "among them.",
            "令牌所载角色均无权调用该接口，或 Steelyard-Role 指定的角色不在其中。",
        ),
        Text("Use a token with one of the roles in `allowed`.", "请使用具有 allowed 所列角色之一的令牌。"),
    ),
    ProblemType(
        "not-permitted",
        403,
        Text("The act is not this caller's", "无权实施该行为"),
        Text(
            "The role acted in, or its region, does not reach this act: the statute gives it to someone else.",
            "当前角色或其管辖区域不及于该行为；法律将其赋予其他人员。",
        ),
        Text(
            "Let someone act who may; allowed_events names who.",
            "请由有权人员办理；allowed_events 载明何人可以实施。",
        ),
    ),
    ProblemType(
        "not-found",
        404,
        Text("Not found", "未找到"),
        Text(
            "There is no such thing here, or nothing that this caller may see: the two are not told apart.",
            "此处没有该对象，或调用者无权查看；二者不作区分。",
        ),
        Text("Check the address and the region of the token.", "请核对地址及令牌的行政区划。"),
    ),
    ProblemType(
        "method-not-allowed",
        405,
        Text("Method not allowed", "不支持该方法"),
        Text("The address exists, but not with this HTTP method.", "该地址存在，但不支持此 HTTP 方法。"),
        Text("Use one of the methods in the header Allow.", "请使用响应头 Allow 所列方法。"),
    ),
    ProblemType(
        "refused-by-statute",
        409,
        Text("The statute forbids this now", "法律不允许此时实施"),
        Text(
            "A rule of the procedure is not met. `breaches` names each rule, its article, the fact, and in `earliest` "
            "the first moment at which the act would be possible, where waiting is the cure.",
            "不符合程序规定。breaches 逐项列明规则、条款、事实；如等待即可满足，earliest 为最早可实施时间。",
        ),
        Text(
            "Do first what the article demands, or wait until `earliest`.",
            "请先完成条款要求的事项，或等到 earliest。",
        ),
    ),
    ProblemType(
        "already-exists",
        409,
        Text("It exists already", "已存在"),
        Text(
            "What the command would create is in the ledger already, created by another command.",
            "命令要创建的对象已由其他命令入账。",
        ),
        Text("Read it, and record a change of it.", "请读取该对象，并以变更事件记录修改。"),
    ),
    ProblemType(
        "erased",
        410,
        Text("Erased", "已清除"),
        Text(
            "The personal data of this thing were erased: their key is destroyed, and nothing more is kept for it.",
            "该对象的个人信息已被清除：密钥已销毁，不再为其保存任何内容。",
        ),
        Text("Nothing helps; a new report gets a new key.", "无法恢复；新的举报使用新的密钥。"),
    ),
    ProblemType(
        "version-conflict",
        412,
        Text("Someone else was first", "数据已被他人更新"),
        Text(
            "The version in If-Match is not the current one: an event was recorded since it was read.",
            "If-Match 中的版本不是当前版本：读取之后已有新事件入账。",
        ),
        Text("Read again, decide again, send the new version.", "请重新读取并判断后，以新版本再次提交。"),
    ),
    ProblemType(
        "too-large",
        413,
        Text("Too large", "内容过大"),
        Text(
            "The body is over the limit of a request, an event over 64 KiB, or a save over 1 MB.",
            "请求体超过上限，或事件超过 64 KiB，或单次保存超过 1 MB。",
        ),
        Text(
            "Keep evidence in files and record its SHA-256.", "证据材料请以文件保存，事件中仅记录其 SHA-256。"
        ),
    ),
    ProblemType(
        "unsupported-media-type",
        415,
        Text("JSON only", "仅支持 JSON"),
        Text("A body is sent as application/json in UTF-8.", "请求体须为 UTF-8 编码的 application/json。"),
        Text("Set Content-Type: application/json.", "请设置 Content-Type: application/json。"),
    ),
    ProblemType(
        "invalid-data",
        422,
        Text("Fields are not valid", "字段无效"),
        Text(
            "The request can be read, but fields are missing, unknown, or not of the form that is asked for. `errors` "
            "names every field by its path.",
            "请求可以解析，但存在缺失、未知或格式不符的字段。errors 按路径逐项列明。",
        ),
        Text("Correct the fields named in `errors`.", "请更正 errors 所列字段。"),
    ),
    ProblemType(
        "draw-refused",
        422,
        Text("The draw cannot stand on this", "抽取依据不符合规则"),
        Text(
            "What would be frozen, revealed or drawn breaks a rule of `steelyard-draw-1`; `path` is the place of the "
            "first breach.",
            "拟冻结、揭示或抽取的内容不符合 steelyard-draw-1 的规则；path 为首处不符之处。",
        ),
        Text("Correct what stands at `path`.", "请更正 path 所指内容。"),
    ),
    ProblemType(
        "idempotency-key-reused",
        422,
        Text("The idempotency key was used before", "幂等键已被使用"),
        Text(
            "The same Idempotency-Key came with another request: `id` and `position` name what it recorded.",
            "同一 Idempotency-Key 已用于内容不同的请求：id 与 position 指明其已记录的内容。",
        ),
        Text("Use a new key for a new command.", "新命令请使用新的键。"),
    ),
    ProblemType(
        "too-many-requests",
        429,
        Text("Too many requests", "请求过多"),
        Text(
            "This was asked too often by all callers together; no caller is remembered, so none is told apart.",
            "所有调用者合计请求过于频繁；系统不记录调用者，故不作区分。",
        ),
        Text("Ask again after Retry-After seconds.", "请在 Retry-After 秒之后重试。"),
    ),
    ProblemType(
        "error",
        500,
        Text("An error of ours", "服务内部错误"),
        Text(
            "Something went wrong inside; the answer holds only the id of the request, under which we find it in our "
            "log. Whether a command was recorded is found by repeating it with the same Idempotency-Key.",
            "服务内部出错；响应仅含请求编号，供查阅日志。以相同的 Idempotency-Key 重复命令即可确认其是否已入账。",
        ),
        Text(
            "Repeat with the same Idempotency-Key; report the id.",
            "请以相同的 Idempotency-Key 重试，并告知请求编号。",
        ),
    ),
    ProblemType(
        "file-damaged",
        500,
        Text("A file is damaged", "文件已损坏"),
        Text(
            "A file outside the ledger is not what its recorded hash says, so it is not handed out.",
            "账本之外的文件与入账的哈希值不符，故不予提供。",
        ),
        Text("Tell the people who run it: it is restored from a copy.", "请联系运维人员从备份恢复。"),
    ),
    ProblemType(
        "bad-setting",
        500,
        Text("A setting is wrong", "配置有误"),
        Text("The program is set up with a value that it cannot use.", "程序使用了无法接受的配置。"),
        Text("Tell the people who run it.", "请联系运维人员。"),
    ),
    ProblemType(
        "rebuild-refused",
        409,
        Text("The rebuild cannot go on", "重建无法继续"),
        Text(
            "The step does not fit the state of the read model's versions, or another process is at work on it.",
            "该步骤与读模型各版本的状态不符，或另一进程正在处理。",
        ),
        Text("See `steelyard projections list`.", "请查看 steelyard projections list。"),
    ),
    ProblemType(
        "fill-failed",
        500,
        Text("A read model could not be filled", "读模型生成失败"),
        Text("An event could not be applied to a read model.", "有事件无法应用到读模型。"),
        Text("Tell the people who run it.", "请联系运维人员。"),
    ),
    ProblemType(
        "ledger-mismatch",
        503,
        Text("Another ledger", "账本不符"),
        Text(
            "The store holds another ledger, or a form that this release does not know.",
            "存储中的账本不是本账本，或其格式为本版本所不识。",
        ),
        Text("Tell the people who run it.", "请联系运维人员。"),
    ),
    ProblemType(
        "ledger-unavailable",
        503,
        Text("The ledger does not answer", "账本暂不可用"),
        Text("The store does not answer; nothing was recorded.", "存储没有响应；未记录任何内容。"),
        Text(
            "Repeat after Retry-After with the same Idempotency-Key.",
            "请在 Retry-After 之后以相同的幂等键重试。",
        ),
    ),
    ProblemType(
        "read-model-not-ready",
        503,
        Text("The read model is being built", "读模型正在生成"),
        Text(
            "The read model that answers this question is filled for the first time, or in a new form.",
            "回答该问题的读模型正在首次生成或以新格式重建。",
        ),
        Text("Read again after Retry-After seconds.", "请在 Retry-After 秒之后再次读取。"),
    ),
    ProblemType(
        "not-yet-visible",
        503,
        Text("Not yet visible", "尚不可见"),
        Text(
            "The read models have not reached the position in the header After within the time that a read waits.",
            "读模型在等待时限内尚未到达请求头 After 指定的位置。",
        ),
        Text("Read again after Retry-After seconds.", "请在 Retry-After 秒之后再次读取。"),
    ),
)

TABLE = {row.slug: row for row in ROWS}

BY_STATUS = {
    400: "malformed-request",
    401: "unauthenticated",
    403: "not-permitted",
    404: "not-found",
    405: "method-not-allowed",
    412: "version-conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid-data",
    503: "ledger-unavailable",
}
"""What HTTP itself refuses, by status; other client errors read as `malformed-request`, the rest as `error`."""
