"""What ``make audit`` makes of findings. The tools themselves are not asked here."""

from __future__ import annotations

import yaml

from infra import audit

ACCEPTED = {
    "checkov": {"CKV_1": {"where": ["photos.Store"], "why": "…"}, "CKV_2": {"where": ["everywhere"], "why": "…"}}
}
FITTING = [("checkov", "CKV_1", "photos.Store"), ("checkov", "CKV_2", "a.B"), ("checkov", "CKV_2", "c.D")]


def test_what_is_accepted_where_it_is_found_is_no_trouble() -> None:
    assert audit.unaccepted(FITTING, ACCEPTED) == []


def test_the_same_in_another_place_is() -> None:
    found = [*FITTING, ("checkov", "CKV_1", "tables.Registry")]
    assert audit.unaccepted(found, ACCEPTED) == ["checkov CKV_1: tables.Registry"]


def test_a_reason_that_is_no_longer_needed_is_trouble_too() -> None:
    assert audit.unaccepted(FITTING[1:], ACCEPTED) == ["checkov CKV_1: nothing is found in 'photos.Store' any more"]


def test_everything_that_is_accepted_has_a_reason() -> None:
    accepted = yaml.safe_load(audit.ACCEPTED.read_text("utf-8"))
    assert accepted
    for kinds in accepted.values():
        for kind, held in kinds.items():
            assert set(held) == {"where", "why"}, kind
            assert len(held["why"]) > 30


def test_what_a_role_may_for_a_while_is_read_too() -> None:
    key = {"Fn::If": ["HasFormerSigningKey", {"Fn::Sub": "${FormerSigningKey}"}, {"Ref": "AWS::NoValue"}]}
    document = {"Statement": [{"Resource": [{"Fn::Sub": "${SigningKey}"}, key]}]}
    template = {
        "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": document}]}}}
    }
    ((_, told),) = audit.policies({"internal": template})
    assert [each[-2:] for each in told["Statement"][0]["Resource"]] == ["01", "03"]


def test_policies_are_read_with_names_in_place_of_parameters() -> None:
    document = {"Statement": [{"Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${PhotosBucket}/uploads/*"}}]}
    template = {
        "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": document}]}}}
    }
    ((name, told),) = audit.policies({"internal": template})
    assert (name, told["Statement"][0]["Resource"]) == ("internal", "arn:aws:s3:::PhotosBucket/uploads/*")
