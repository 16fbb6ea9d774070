"""One person's answer: made, kept, and shown again exactly as it was."""
