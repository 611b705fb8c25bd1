"""The one shell: merges inputs, calls a stage's logic, commits outputs, state and offsets."""
