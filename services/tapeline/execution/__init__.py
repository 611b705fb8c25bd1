"""Orders: OMS and gateways."""
