"""The fault test: the whole system under load, killed and starved at random; then every event, effect and message is accounted for."""
