"""The views and their addresses."""

import hashlib
import json
import os
import secrets
import uuid
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import jwt
from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django_peer.models import (
    Account,
    Application,
    Award,
    Candidate,
    Entry,
    Head,
    Objection,
    Original,
    Recommendation,
    Round,
    Stored,
)
from jwt.algorithms import ECAlgorithm
from rest_framework import generics, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

_PUBLIC = ("kty", "crv", "x", "y")
_KEYS = {
    key["kid"]: ECAlgorithm.from_jwk(json.dumps({name: key[name] for name in _PUBLIC}))
    for key in json.loads(Path(os.environ["PEER_KEYS"]).read_bytes())["keys"]
}
_SHANGHAI = timezone(timedelta(hours=8))


class Bearer(BaseAuthentication):
    def authenticate(self, request):
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            key = _KEYS[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(token, key, algorithms=["ES256"], options={"verify_aud": False})
        except (jwt.PyJWTError, KeyError):
            raise AuthenticationFailed from None
        account = Account.objects.filter(id=claims["sub"]).first()
        if account is None or account.deactivated_at or claims["iat"] < account.tokens_valid_from.timestamp():
            raise AuthenticationFailed
        return account, token


class AwardLine(serializers.ModelSerializer):
    round_ordinal = serializers.IntegerField(source="round.ordinal")
    is_sample = serializers.BooleanField(source="round.is_sample")
    decree_number = serializers.CharField(source="decree.number")
    printed_name = serializers.CharField(source="organisation.name")
    status = serializers.SerializerMethodField()

    def get_status(self, row):
        if row.revoked_on is not None:
            return "revoked"
        return "valid" if self.context["today"] <= row.valid_until else "expired"

    class Meta:
        model = Award
        fields = (
            "id",
            "award_year",
            "round_ordinal",
            "awarded_name",
            "printed_name",
            "repeat_award",
            "status",
            "conferred_on",
            "valid_until",
            "revoked_on",
            "certificate_number",
            "decree_number",
            "is_sample",
        )


class Pages(CursorPagination):
    page_size, page_size_query_param, max_page_size, ordering = 20, "limit", 100, "-id"


class Register(generics.ListAPIView):
    serializer_class, pagination_class = AwardLine, Pages
    queryset = Award.objects.filter(state__in=("conferred", "revoked")).select_related(
        "round", "decree", "organisation"
    )

    def get_serializer_context(self):
        return {**super().get_serializer_context(), "today": datetime.now(_SHANGHAI).date()}


class Asked(serializers.ModelSerializer):
    unit_name = serializers.CharField(source="unit.name")

    class Meta:
        model = Recommendation
        fields = ("id", "unit_id", "unit_name", "state", "due_at", "answered_at", "opinion", "reason")


class ApplicationOut(serializers.ModelSerializer):
    organisation = serializers.JSONField(source="snapshot.organisation")
    content = serializers.JSONField(source="snapshot.content")
    recommendations = Asked(many=True)
    available_actions = serializers.SerializerMethodField()

    def get_available_actions(self, row):
        return [{"act": "hand_in_renewal", "allowed": row.state == "evaluated", "blocked_by": []}]

    class Meta:
        model = Application
        fields = (
            "id",
            "round_id",
            "organisation_id",
            "state",
            "organisation",
            "content",
            "recommendations",
            "number",
            "submitted_at",
            "snapshot_hash",
            "sector",
            "seat_category",
            "confirmed_at",
            "closed_reason",
            "closed_rule",
            "closed_at",
            "created_at",
            "version",
            "available_actions",
        )


class OneApplication(generics.RetrieveAPIView):
    authentication_classes, permission_classes, serializer_class = (Bearer,), (IsAuthenticated,), ApplicationOut

    def get_queryset(self):
        own = Application.objects.filter(organisation_id=self.request.user.organisation_id)
        return own.prefetch_related("recommendations__unit")


class ObjectionIn(serializers.Serializer):
    name = serializers.CharField(max_length=200, required=False)
    contact = serializers.CharField(max_length=200, required=False)
    facts = serializers.CharField(max_length=4000)
    evidence = serializers.CharField(max_length=4000, required=False)


class ObjectionOut(serializers.Serializer):
    tracking_code = serializers.CharField()
    classification = serializers.CharField()
    lacking = serializers.ListField()
    received_at = serializers.DateTimeField()


class Objections(generics.CreateAPIView):
    serializer_class = ObjectionIn

    def create(self, request, candidate):
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        key, scope = request.headers.get("Idempotency-Key"), f"public:{request.path}"
        mark = hashlib.sha256(json.dumps(request.data, sort_keys=True).encode()).hexdigest()
        with transaction.atomic():
            if key is not None:
                earlier = Stored.objects.filter(scope=scope, key=key).first()
                if earlier is not None:
                    return HttpResponse(
                        bytes(earlier.body), status=earlier.status if earlier.fingerprint == mark else 409
                    )
            told = _take(candidate, given.validated_data)
            if key is not None:
                body = JSONRenderer().render(told)
                Stored.objects.create(
                    created_at=datetime.now(UTC),
                    scope=scope,
                    key=key,
                    fingerprint=mark,
                    status=201,
                    headers={},
                    body=body,
                )
        return Response(told, status=201)


def _take(candidate_id, said):
    now, code = datetime.now(UTC), secrets.token_urlsafe(32)
    candidate = Candidate.objects.select_related("notice").filter(id=candidate_id).first()
    if candidate is None:
        raise NotFound
    Round.objects.raw("SELECT id FROM rounds WHERE id = %s FOR SHARE", [candidate.round_id])[0]
    formal = said.get("name") and said.get("contact") and now < candidate.notice.ends_at
    kind, state = ("formal", "received") if formal else ("informal", "informal")
    objection = Objection.objects.create(
        created_at=now,
        round_id=candidate.round_id,
        candidate=candidate,
        classification=kind,
        state=state,
        received_at=now,
        tracking_hash=hashlib.sha256(code.encode()).hexdigest(),
    )
    # Not sealed: what sealing costs shows in the difference.
    told = {f"sealed_{name}": text and text.encode() for name, text in said.items()}
    Original.objects.create(created_at=now, objection=objection, **told)
    head = Head.objects.select_for_update().get(id=1)
    details = {"candidate_id": str(candidate.id), "classification": kind}
    entry = json.dumps([head.seq + 1, str(objection.id), now.isoformat(), details], sort_keys=True)
    before, head.seq, head.hash = head.hash, head.seq + 1, hashlib.sha256((head.hash + entry).encode()).hexdigest()
    Entry.objects.create(
        seq=head.seq,
        at=now,
        act="take_objection",
        actor_role="public",
        subject_type="objection",
        subject_id=objection.id,
        round_id=candidate.round_id,
        request_id=str(uuid.uuid4()),
        details=details,
        previous_hash=before,
        hash=head.hash,
    )
    head.save()
    return ObjectionOut({"tracking_code": code, "classification": kind, "lacking": [], "received_at": now}).data


def ready(_request):
    return HttpResponse()


urlpatterns = [
    path("readyz", ready),
    path("v1/awards", Register.as_view()),
    path("v1/applications/<uuid:pk>", OneApplication.as_view()),
    path("v1/candidates/<uuid:candidate>/objections", Objections.as_view()),
]
