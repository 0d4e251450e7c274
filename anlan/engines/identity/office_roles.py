"""The three separated offices (MLPS.08) and the rights this engine declares."""

from anlan.engines.org.api import declare_permission, declare_role

SYSTEM, SECURITY, AUDIT = "system_admin", "security_admin", "auditor"
MANAGERS = (SYSTEM, "unit_admin")

declare_role(SYSTEM, "系统管理员", office="system")
declare_role(SECURITY, "安全保密管理员", office="security")
declare_role(AUDIT, "审计管理员", office="audit")

for _code, _title, _roles in [
    ("identity.accounts.view", "查看账号", MANAGERS),
    ("identity.accounts.add", "开通账号", MANAGERS),
    ("identity.accounts.edit", "停用、解锁、重置和复核账号", MANAGERS),
    ("identity.requests.view", "查看账号申请", MANAGERS),
    ("identity.requests.add", "申请账号", ("unit_admin", "school_head", "school_safety", "school_contact")),
    ("identity.requests.decide", "审批账号申请", MANAGERS),
    ("identity.activations.view", "查看单位激活情况", (*MANAGERS, "upper_safety")),
    ("identity.activations.add", "下发单位账号", MANAGERS),
    ("identity.roles.view", "查看角色", (SECURITY,)),
    ("identity.roles.edit", "编制角色", (SECURITY,)),
    ("identity.grants.view", "查看授权", (SECURITY, "unit_admin")),
    ("identity.grants.add", "授权与收回", (SECURITY, "unit_admin")),
    ("identity.grants.any", "授予自己不担任的角色", (SECURITY,)),
    ("identity.policy.edit", "设置安全策略", (SECURITY,)),
]:
    declare_permission(_code, _title, _roles)
