"""Chinese words for what entries hold as codes."""

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

ACTIONS = {
    "create": "新增",
    "change": "修改",
    "archive": "归档",
    "import": "导入",
    "export": "导出",
    "view": "查看",
    "unmask": "查看明文",
    "refused": "越权被拒",
    "sign_in": "登录",
    "sign_out": "退出",
    "session.end": "强制下线",
    "duty.choose": "切换身份",
    "password.change": "修改密码",
    "password.confirm": "再次核对密码",
    "password.reset": "重置密码",
    "second_factor.on": "启用动态口令",
    "second_factor.off": "关闭动态口令",
    "account.open": "开通账号",
    "account.disable": "停用账号",
    "account.enable": "启用账号",
    "account.unlock": "解锁账号",
    "account.idle_lock": "闲置锁定",
    "account.leaving": "登记离岗",
    "account.review": "复核账号",
    "account.request": "申请账号",
    "account.request.approved": "同意账号申请",
    "account.request.refused": "退回账号申请",
    "activation.allot": "下发单位账号",
    "activation.renew": "换发激活码",
    "activation.redeem": "启用激活码",
    "activation.complete": "完成单位激活",
    "grant.add": "授权",
    "grant.remove": "收回授权",
    "role.compose": "编制角色",
    "role.remove": "删除角色",
    "policy.change": "修改安全策略",
    "tasks.succeed": "移交待办",
    "sign": "签署",
    "seal": "成文",
    "share.give": "共享给部门",
    "share.end": "收回共享",
    "share.answer": "部门答复",
    "api-key:issue": "签发接口密钥",
    "api-key:revoke": "吊销接口密钥",
    "audit.read": "查看审计记录",
    "audit.export": "导出审计记录",
    "personal.erase": "个人信息到期匿名",
    "audit.backup": "备份审计记录",
    "audit.clean_up": "清理审计记录",
}


CHANNELS = {
    "web": "网页",
    "phone": "手机",
    "api": "接口",
    "import": "导入",
    "job": "后台作业",
    "system": "系统",
    "load": "批量装载",
}


def channel_words(code: str) -> str:
    """The way in, in words."""
    return CHANNELS.get(code, code)


def action_words(code: str) -> str:
    """The act in words; moves of a workflow show their name."""
    if code.startswith("move:"):
        return f"办理 {code.removeprefix('move:')}"
    return ACTIONS.get(code, code)


def model_words(label: str) -> str:
    """The kind of object; the label itself for one no longer installed."""
    try:
        return str(apps.get_model(label)._meta.verbose_name) if label else ""
    except LookupError:
        return label


def field_words(label: str, name: str) -> str:
    """The title of a field; its name where there is none."""
    try:
        return str(apps.get_model(label)._meta.get_field(name).verbose_name) if label else name
    except (LookupError, FieldDoesNotExist, AttributeError):
        return name
