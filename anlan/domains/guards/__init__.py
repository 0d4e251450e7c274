"""Guards of schools: companies, contracts, files, staffing standard, gear, assessments (D15.1-D15.7, SAF.48-SAF.50)."""
