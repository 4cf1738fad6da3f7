"""The review page's half in Python: edits as pure functions, saving them, the queue, and the local server."""
