"""State entries of each stage, generated from schemas/state/."""
