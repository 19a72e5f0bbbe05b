"""The acts of the measures. Each: load facts, ask the measures, write, audit. No HTTP, no SQL, no commit."""
