"""One task on every recording of many: plan, ledger, engines, status."""
