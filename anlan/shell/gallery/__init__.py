"""Gallery of every component and page of the shell with invented data; only with DEBUG or ANLAN_GALLERY."""
