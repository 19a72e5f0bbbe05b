"""The service's tables, as far as the three jobs need them."""

import uuid

from django.db import models


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class Round(Row):
    state = models.TextField()
    ordinal = models.BigIntegerField(null=True)
    is_sample = models.BooleanField()

    class Meta:
        managed, db_table = False, "rounds"


class Decree(Row):
    number = models.TextField()

    class Meta:
        managed, db_table = False, "decrees"


class Organisation(Row):
    name = models.TextField()

    class Meta:
        managed, db_table = False, "organisations"


class Award(Row):
    round = models.ForeignKey(Round, models.PROTECT)
    decree = models.ForeignKey(Decree, models.PROTECT, null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    award_year = models.BigIntegerField()
    awarded_name = models.TextField()
    state = models.TextField()
    repeat_award = models.BooleanField()
    certificate_number = models.TextField(null=True)
    conferred_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    revoked_on = models.DateField(null=True)

    class Meta:
        managed, db_table = False, "awards"


class Account(Row):
    role = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    deactivated_at = models.DateTimeField(null=True)
    tokens_valid_from = models.DateTimeField()
    is_authenticated = True

    class Meta:
        managed, db_table = False, "accounts"


class Application(Row):
    round = models.ForeignKey(Round, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    state = models.TextField()
    snapshot = models.JSONField(null=True)
    number = models.TextField(null=True)
    snapshot_hash = models.TextField(null=True)
    submitted_at = models.DateTimeField(null=True)
    seat_category = models.TextField(null=True)
    sector = models.TextField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(null=True)
    closed_rule = models.TextField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.BigIntegerField()

    class Meta:
        managed, db_table = False, "applications"


class Unit(Row):
    name = models.TextField()

    class Meta:
        managed, db_table = False, "recommending_units"


class Recommendation(Row):
    application = models.ForeignKey(Application, models.PROTECT, related_name="recommendations")
    unit = models.ForeignKey(Unit, models.PROTECT)
    state = models.TextField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    opinion = models.TextField(null=True)
    reason = models.TextField(null=True)

    class Meta:
        managed, db_table = False, "recommendations"


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
    sealed_name = models.BinaryField(null=True)
    sealed_contact = models.BinaryField(null=True)
    sealed_facts = models.BinaryField(null=True)
    sealed_evidence = models.BinaryField(null=True)

    class Meta:
        managed, db_table = False, "objection_originals"


class Stored(Row):
    scope = models.TextField()
    key = models.TextField()
    fingerprint = models.TextField()
    standing = models.TextField(default="public")
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
    outcome = models.TextField(default="done")

    class Meta:
        managed, db_table = False, "audit_entries"
