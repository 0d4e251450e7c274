"""Programs run in child processes to open what people send; never imported by the site."""
