"""The view and its address."""

import hashlib
import json
import secrets
import uuid
from datetime import UTC, datetime

from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django_peer.models import Candidate, Entry, Head, Objection, Original, Round, Stored
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response


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
    Original.objects.create(created_at=now, objection=objection, **said)
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


urlpatterns = [path("readyz", ready), path("v1/candidates/<uuid:candidate>/objections", Objections.as_view())]
