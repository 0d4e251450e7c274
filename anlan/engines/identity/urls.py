"""Addresses of the identity engine."""

from django.urls import path

from anlan.engines.identity.views import accounts, activating, own, requests, rights, signing

urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/code/", signing.sign_in_code, name="sign_in_code"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("activate/", activating.redeem, name="redeem"),
    path("account/", own.own_account, name="own_account"),
    path("account/password/", own.password_change, name="password_change"),
    path("account/activation/", activating.activation, name="activation"),
    path("account/second-factor/", own.second_factor_page, name="second_factor"),
    path("account/second-factor/off/", own.second_factor_off, name="second_factor_off"),
    path("account/sessions/<int:pk>/end/", own.end_session, name="session_end"),
    path("account/duty/<int:pk>/", own.duty, name="duty"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/open/", accounts.account_open, name="account_open"),
    path("accounts/review/", accounts.accounts_review, name="accounts_review"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/<slug:act>/", accounts.account_act, name="account_act"),
    path("account-requests/", requests.account_requests, name="account_requests"),
    path("account-requests/new/", requests.account_request_new, name="account_request_new"),
    path("account-requests/<int:pk>/", requests.account_request, name="account_request"),
    path("account-requests/<int:pk>/decide/", requests.account_request_decide, name="account_request_decide"),
    path("activations/", activating.activations, name="activations"),
    path("activations/new/", activating.activation_new, name="activation_new"),
    path("activations/<int:pk>/", activating.activation_one, name="activation_one"),
    path("activations/<int:pk>/renew/", activating.activation_renew, name="activation_renew"),
    path("roles/", rights.roles, name="roles"),
    path("roles/new/", rights.role_new, name="role_new"),
    path("roles/<int:pk>/", rights.role, name="role"),
    path("grants/", rights.grants, name="grants"),
    path("grants/new/", rights.grant_new, name="grant_new"),
    path("grants/<int:pk>/", rights.grant, name="grant"),
    path("grants/<int:pk>/take-back/", rights.grant_take_back, name="grant_take_back"),
    path("policy/", rights.policy, name="policy"),
]
