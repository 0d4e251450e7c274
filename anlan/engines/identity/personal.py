"""Why accounts, applications for them and units' activations hold personal data (MLPS.19)."""

from anlan.kernel.personal import Personal, declare_personal

LAW = "网络安全法第二十一条、个人信息保护法第十三条"
ACCOUNT = Personal("实名登录和操作留痕", LAW, "离岗后三年", since="leaves_on", years=3)
REQUEST = Personal("账号开通审批", LAW, "审批后三年", since="decided_at", years=3)
UNIT = Personal("单位账号负责人联系", LAW, "单位存续期间")

declare_personal("identity.user", name=ACCOUNT, phone=ACCOUNT)
declare_personal("identity.accountrequest", name=REQUEST, phone=REQUEST)
declare_personal("identity.activation", responsible=UNIT, responsible_phone=UNIT)
