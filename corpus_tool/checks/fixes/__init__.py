"""What mends a finding without guessing: edits of the JSON, made by the checks that find it."""
