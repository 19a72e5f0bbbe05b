"""The service's tables, as far as an objection needs them."""

import uuid

from django.db import models


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class Round(Row):
    state = models.TextField()

    class Meta:
        managed, db_table = False, "rounds"


class Notice(Row):
    published_on = models.DateField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table = False, "notices"


class Candidate(Row):
    round = models.ForeignKey(Round, models.PROTECT)
    notice = models.ForeignKey(Notice, models.PROTECT)

    class Meta:
        managed, db_table = False, "candidates"


class Objection(Row):
    round = models.ForeignKey(Round, models.PROTECT)
    candidate = models.ForeignKey(Candidate, models.PROTECT)
    classification = models.TextField(db_column="class")
    classified_because = models.TextField(default="")
    state = models.TextField()
    received_at = models.DateTimeField()
    tracking_hash = models.TextField()
    version = models.BigIntegerField(default=1)

    class Meta:
        managed, db_table = False, "objections"


class Original(Row):
    objection = models.ForeignKey(Objection, models.PROTECT)
    name = models.TextField(null=True)
    contact = models.TextField(null=True)
    facts = models.TextField(null=True)
    evidence = models.TextField(null=True)

    class Meta:
        managed, db_table = False, "objection_originals"


class Stored(Row):
    scope = models.TextField()
    key = models.TextField()
    fingerprint = models.TextField()
    status = models.BigIntegerField(null=True)
    headers = models.JSONField(null=True)
    body = models.BinaryField(null=True)

    class Meta:
        managed, db_table = False, "idempotency_records"


class Head(models.Model):
    id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.TextField()

    class Meta:
        managed, db_table = False, "audit_head"


class Entry(models.Model):
    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.TextField()
    actor_role = models.TextField()
    subject_type = models.TextField()
    subject_id = models.UUIDField(null=True)
    round_id = models.UUIDField(null=True)
    request_id = models.TextField()
    details = models.JSONField()
    previous_hash = models.TextField()
    hash = models.TextField()

    class Meta:
        managed, db_table = False, "audit_entries"
