"""The contracts: the only domain code that services share."""
