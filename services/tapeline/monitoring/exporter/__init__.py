"""Stage: Prometheus metrics of gateway, OMS and drawdown."""
