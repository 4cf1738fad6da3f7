"""Several annotators: documents dealt to them, how far they agree, and one version made of theirs.

What there is to call:

- ``assign.assign_documents(root, annotators, …) -> Assigned``
- ``measure.measure_agreement(root, …) -> Agreement``; ``summary.agreement_summary(corpus)`` is the short form that the
  dataset card shows
- ``adjudicate.merge_annotators(root, …) -> Merged``

What they give stands in ``types.py``, frozen. An ``Agreement`` holds a ``LayerAgreement`` for each layer that two
annotators have reviewed in one document; that holds a ``Measure`` by name (``MEASURES`` says what each is), the same
for each pair of annotators, for each kind, and an ``AttributeAgreement`` for each attribute of spans that match. A
measure that is not defined (nobody marked anything) has the value None, and is shown as "–", never as 0 or 1.
"""
