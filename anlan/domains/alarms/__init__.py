"""What devices report (D02.5, N1.13, N1.14, N1.15, N1.18).

One door takes signed events of devices; modules declare which they take. Devices themselves are kept by site security.
"""
