"""Who may publish, read and act: sources, tokens, accounts, sessions. Every door asks here."""
