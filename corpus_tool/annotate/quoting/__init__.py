"""Parts of the quote annotator: cues, what they attribute, who speaks, and direct speech in quotation marks."""
