"""The door: takes events in over HTTP and the sources' own topics, refuses with reasons, keeps identities apart."""
