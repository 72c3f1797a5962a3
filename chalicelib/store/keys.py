"""Every key pattern of both tables, and so every question that can be asked. ``docs/access-patterns.md`` tells more.

Those of people stand in ``people_keys``, of programmes in ``programme_keys``, of the log of changes in ``log_keys``, of
watches in ``watch_keys``, of migrations in ``migration_keys``, of the public table in ``public_keys``.

======================================  ==========================  ==================================================
partition key                           sort key                    what lies there
======================================  ==========================  ==================================================
**registry**
``FACTORY#<factory id>``                ``RECORD``                  a factory: the root whose version guards the rest
``FACTORY#<factory id>``                ``CERTIFICATE#<code>``      each certificate that it holds
``CERTIFICATE#<code>``                  ``RECORD``                  which factory holds it
``CERTIFICATE#<code>``                  ``REQUEST``                 whom its holder asked to confirm it, and when
``NUMBER#<standard>#<number>``          ``CONFIRMED``               the one confirmed certificate with that number
``GDTI#<gdti>``                         ``CONFIRMED``               the one confirmed certificate with that GDTI
``PHOTOS#<factory id>``                 ``<photo id>``              a photo that was uploaded: to be shown, or refused
``CLIMATE#<factory id>``                ``RECORD``                  its climate plan
``SITE#<ICS site number>``              ``RECORD``                  which factory that site is
``PRODUCT#<gtin or code>``              ``RECORD``                  a product
``MEMBER#<id>``                         ``RECORD``                  an ICS member
``MEMBER#<id>``                         ``FACTORY#<factory id>``    its network, one item a supplier
``MEMBER#<id>``                         ``INVITATION#<at>#<id>``    its invitations, newest last
``MEMBER#<id>``                         ``PRODUCT#<gtin or code>``  its products
``CLAIMS#<member id>``                  ``RECORD``                  what a member claims of its whole business
``MEMBER#<id>``                         ``WATCH#<id>``              its watches
``CERTIFIER#<id>``, ``STANDARD#<id>``   ``RECORD``                  a certification body, a standard
``CERTIFIER#<id>``                      ``REQUEST#<code>``          its queue: certificates that it is asked to confirm
``CERTIFIER#<id>``                      ``CERTIFICATE#<code>``      the certificates that it confirmed
``LIST#STANDARD``, …                    ``STANDARD#<id>``, …        all organisations of a kind, by identifier
``INVITATION#<id>``                     ``RECORD``                  an invitation
``TOKEN#<sha-256>``                     ``RECORD``                  what a mailed token is for (never the token)
``DUE#<day>``                           ``INVITATION#<id>``         invitations that have a mail due on that day
``ADDRESS#<sha-256 of e-mail>``         ``RECORD``                  invitations of the last day; or none are wanted
``PERSON#<sha-256 of e-mail>``          ``FACTORY#<factory id>``    whom somebody may act for
``PERSON#<sha-256 of e-mail>``          ``ROLE#<kind>#<tenant>``    the organisations that somebody may act for
``PERSON#<sha-256 of e-mail>``          ``SIGNED_OUT``              the generation of sessions that count
``PERSON#<sha-256 of e-mail>``          ``LANGUAGE``                the language in which somebody signed in last
``ADDRESS#<sha-256 of e-mail>``         ``INVITATION#<id>``         invitations to an address
``ADDRESS#<sha-256 of e-mail>``         ``CONTACT#<factory id>``    factories whose contact an address is
``ADDRESS#<sha-256 of e-mail>``         ``REPORT#<id>``             reports whose writer gave it, until they expire
``ADDRESS#<sha-256 of e-mail>``         ``WATCH#<id>``              watches whose owner has that address
``WATCH#<id>``                          ``RECORD``                  a watch: who is told of changes, and of which
``WATCH#<id>``                          ``OWED#<instant>#…``        a change that its owner is still to be told of
``WATCH#<id>``                          ``NOTED#<instant>#…``       that a change was noted once, for 120 days
``WATCHED#<code>``                      ``<watch id>``              who watches a certificate or a factory
``TELL#<shard>``                        ``<watch id>``              the watches to whose owners something is owed
``OUTBOX#<shard>``                      ``<instant>#<record>#…``    changes that no watch has noted yet
``ENDING#<day>``                        ``<code>``                  certificates by their last day
``ENDINGS#``                            ``RECORD``                  up to which day it was looked which end
``TEAM#<kind>#<tenant>``                ``RECORD``                  how far the history of a team has come
``TEAM#<kind>#<tenant>``                ``PERSON#<sha-256>``        who acts for an organisation
``CONTACT#<sha-256>``                   ``RECORD``                  whose contact a mailed link confirms
``SIGN_IN#<sha-256>``                   ``RECORD``                  whom a mailed sign-in link is for (never the token)
``SIGN_INS#<sha-256 of e-mail>``        ``RECORD``                  when sign-in links were mailed in the last hour
``SESSION#<sha-256>``                   ``RECORD``                  who signed in
``KEY#<prefix>``                        ``RECORD``                  an API key, hashed
``KEYS#<kind>#<tenant>``                ``RECORD``                  which keys of a tenant are active
``IDEMPOTENCY#<caller>#<sha-256>``      ``REPLY``, ``ROW#<index>``  what was answered
``SYNCS#``                              ``<instant>#<caller>#…``    the batches of audits that came, and their refusals
``MODERATION#<id>``                     ``RECORD``                  a matter that waits for staff, or was decided
``MODERATION#<id>``                     ``REPORTER``                the address of who reported it, until it expires
``QUEUE#open``, ``QUEUE#done``          ``<instant>#<id>``          the matters that wait, those that were decided
``STATUS_LIST#<number>``                ``RECORD``                  which certificates are withdrawn or suspended: bits
``STATUS_LISTS#``                       ``RECORD``                  how many places in these lists were given
``SIGNING_KEYS#``                       ``<thumbprint>``            a key that signs or once signed, and its revocation
``MIGRATION#<name>``                    ``RECORD``                  how far a migration of older records has come
``LOG_WAITING#<shard>``                 ``<instant>#<code>#…``      changes of certificates not yet numbered for the log
``LOG#``                                ``HEAD``                    how far the log has come: under its version it grows
``LETTER#<sha-256>``                    ``RECORD``                  a buyer's letter until its mailed link is used
``RUN_BY#<factory id>``                 ``INVITATION#<id>``         by which invitations a factory came to be run
``COUNT#<what>#<of what>``              ``<stretch of time>``       how often it happened, to say when it is too much
``EFFICIENCY#<factory id>``             ``RECORD``                  what a factory measures of its use of resources
``PROGRAMME#<id>``                      ``RECORD``                  a programme that supports factories
``PROGRAMME#<id>``                      ``FACTORY#<factory id>``    the factories that were invited to it
``ORGANISER#<id>``                      ``RECORD``                  an organiser of programmes
``ORGANISER#<id>``                      ``PROGRAMME#<id>``          its programmes
``PARTS#<factory id>``                  ``RECORD``                  how a factory stands to programmes
``LEARNING#<sha-256 of e-mail>``        ``RECORD``                  which lessons somebody has done, and when
``LEARNED#<factory id>``                ``<lesson>``                that a lesson was done at a factory, not by whom
``SCANS#<thing>``                       ``<day>``                   how often a page was scanned on a day
``SCAN_MARKS#<thing>``                  ``<day>``                   marks of the networks it was scanned in, two days
``SCAN_SERIALS#<thing>``                ``<day>``                   serial numbers of a product counted on a day
``SCAN_BATCH#<sha-256>``                ``RECORD``                  that a batch of lines of the log was counted
``CLONES#<member>``                     ``<product>#<serial>``      an item whose code may have been copied
``CLONE_LETTERS``                       ``<member>``                copied codes that its team is to be told of
``CLONE_RULE#<member>``                 ``RECORD``                  what a member takes for too many places
``EVENTS#<record>``                     ``<12 digits>``             the history of a record, append-only
**public**
``FACTORY#<factory id>``                ``PAGE``                    the page of a factory, its certificates with it
``FACTORY#<factory id>``                ``CLIMATE``, …              what it shows of a programme (``programme``)
``FACTORY#<factory id>``                ``PARTS``                   programmes of which it shows that it takes part
``PROGRAMME#<id>``                      ``PAGE``                    what a programme is called, who organises it
``CERTIFICATE#<code>``                  ``PAGE``                    the page of a certificate
``PRODUCT#<gtin or code>``              ``PAGE``                    the page of a product
``MEMBER#<id>``                         ``PAGE``                    the page of an ICS member: who it is, its own words
``MEMBER#<id>``                         ``FACTORY#<factory id>``    a card of each factory that both sides show, or
                                                                    a pointer: its page says it (``brand.card``)
``MEMBER#<id>``                         ``PRODUCT#<gtin or code>``  its products with their stages
``MEMBERS#``                            ``<id>``                    all ICS members that take part
``STANDARDS#``                          ``<id>``                    cards of all standards: what lists say of them
``STANDARD_MAP#<id>``                   ``PAGE``                    all that the map knows of a standard
``MEMBER#<id>``                         ``CLAIMS``                  what a member claims of its whole business
``NUMBER#<number>``                     ``CODES``                   certificates by the number printed on them: two sets
``GLN#<gln>``                           ``<factory id>``            factories by GLN
``GDTI#<gdti>``                         ``<code>``                  certificates by GDTI
``DIRECTORY#``                          ``<place>``                 all factories. Here and in the next four rows a
                                                                    place is ``<country>#<name>#<factory id>``, and
                                                                    what lies there a card (``finding.card``)
``WORD#<word>``                         ``<place>``                 factories by a word of any of their names
``CATEGORY#<code>``                     ``<place>``                 factories by what they make
``STANDARD#<id>``                       ``<place>``                 factories by the standard of a certificate
``CERTIFIED#``                          ``<place>``                 factories that hold a certificate, valid or not
``HALF#<half>``                         ``<length>#<word>``         words of names by half, to forgive a typing error
``FACETS``                              ``<kind>#<code>``           countries and product categories of factories,
                                                                    past and present, and the standards on record
``STATUS_LIST#<purpose>#<number>``       ``PAGE``                    a status list, signed
``LOG#``                                ``LATEST``                  how far the log has come, its last checkpoint
``LOG_ENTRIES#<256 of them>``           ``<number>``                an entry of the log of changes
``LOG_OF#<code>``                       ``LINES``                   the entries about a certificate
``LOG_HASHES#<level>``                  ``<tile>``                  256 hashes of the log's tree
``LOG_CHECKPOINTS#``                    ``<size>#<instant>``        checkpoints of the log, signed
``SIGNING_KEYS#``                       ``<thumbprint>``            what anyone may know of a key: all of its record
======================================  ==========================  ==================================================
"""

from __future__ import annotations

from typing import NamedTuple

RECORD = "RECORD"
PAGE = "PAGE"


class Key(NamedTuple):
    """Where an item lies."""

    pk: str
    sk: str


def factory(factory_id: str) -> Key:
    """A factory's record."""
    return Key(f"FACTORY#{factory_id}", RECORD)


def held_certificate(factory_id: str, code: str) -> Key:
    """A certificate, beside the factory that holds it."""
    return Key(f"FACTORY#{factory_id}", f"CERTIFICATE#{code}")


def certificate(code: str) -> Key:
    """Which factory holds a certificate."""
    return Key(f"CERTIFICATE#{code}", RECORD)


def request(code: str) -> Key:
    """Whom the holder of a certificate asked to confirm it."""
    return Key(f"CERTIFICATE#{code}", "REQUEST")


def request_to(certifier_id: str, code: str = "") -> Key:
    """A certificate in the queue of the certifier that is asked to confirm it."""
    return Key(f"CERTIFIER#{certifier_id}", f"REQUEST#{code}")


def confirmed_by(certifier_id: str, code: str = "") -> Key:
    """A certificate among those that a certifier confirmed."""
    return Key(f"CERTIFIER#{certifier_id}", f"CERTIFICATE#{code}")


def confirmed_number(standard_id: str, squeezed: str) -> Key:
    """The one confirmed certificate of a standard with that number."""
    return Key(f"NUMBER#{standard_id}#{squeezed}", "CONFIRMED")


def confirmed_gdti(gdti: str) -> Key:
    """The one confirmed certificate with that GDTI."""
    return Key(f"GDTI#{gdti}", "CONFIRMED")


def site(number: str) -> Key:
    """Which factory an ICS site is."""
    return Key(f"SITE#{number}", RECORD)


def photo(factory_id: str, photo_id: str = "") -> Key:
    """What became of a photo that a factory uploaded. The photos' own function writes it."""
    return Key(f"PHOTOS#{factory_id}", photo_id)


def product(product_id: str) -> Key:
    """A product's record."""
    return Key(f"PRODUCT#{product_id}", RECORD)


def organisation(kind: str, identifier: str) -> Key:
    """A member, certifier or standard."""
    return Key(f"{kind.upper()}#{identifier}", RECORD)


def organisation_listed(kind: str, identifier: str) -> Key:
    """A member, certifier or standard in the list of its kind."""
    return Key(f"LIST#{kind.upper()}", f"{kind.upper()}#{identifier}")


def network(member_id: str, factory_id: str = "") -> Key:
    """A supplier in a member's network."""
    return Key(f"MEMBER#{member_id}", f"FACTORY#{factory_id}")


def member_invitation(member_id: str, created_at: str, invitation_id: str) -> Key:
    """An invitation in its member's list, by the instant at which it was made."""
    return Key(f"MEMBER#{member_id}", f"INVITATION#{created_at}#{invitation_id}")


def member_product(member_id: str, product_id: str = "") -> Key:
    """A product in the list of the member that answers for it."""
    return Key(f"MEMBER#{member_id}", f"PRODUCT#{product_id}")


def member_claims(member_id: str) -> Key:
    """What a member claims of its whole business."""
    return Key(f"CLAIMS#{member_id}", RECORD)


def invitation(invitation_id: str) -> Key:
    """An invitation's record."""
    return Key(f"INVITATION#{invitation_id}", RECORD)


def token(digest: str) -> Key:
    """What a mailed token is for."""
    return Key(f"TOKEN#{digest}", RECORD)


def due(day: str, invitation_id: str = "") -> Key:
    """That an invitation has a mail due on a day."""
    return Key(f"DUE#{day}", f"INVITATION#{invitation_id}")


def reply(caller: str, digest: str) -> Key:
    """The stored reply to an idempotent request."""
    return Key(f"IDEMPOTENCY#{caller}#{digest}", "REPLY")


def row(caller: str, digest: str, index: int) -> Key:
    """What one row of an idempotent batch changed, written with the change."""
    return Key(f"IDEMPOTENCY#{caller}#{digest}", f"ROW#{index:04d}")


def sync(at: str = "", caller: str = "", digest: str = "") -> Key:
    """That a batch of audits came, when, and what was refused of it."""
    return Key("SYNCS#", f"{at}#{caller}#{digest}")


def matter(matter_id: str) -> Key:
    """A matter that waits for staff, or was decided."""
    return Key(f"MODERATION#{matter_id}", RECORD)


def reporter(matter_id: str) -> Key:
    """The address of who reported a matter."""
    return Key(f"MODERATION#{matter_id}", "REPORTER")


def queue(state: str, at: str = "", matter_id: str = "") -> Key:
    """A matter in the list of those that are ``open`` or ``done``."""
    return Key(f"QUEUE#{state}", f"{at}#{matter_id}")


def status_list(number: int) -> Key:
    """Which certificates of a list are withdrawn or suspended."""
    return Key(f"STATUS_LIST#{number}", RECORD)


def status_index() -> Key:
    """How many places in status lists were given."""
    return Key("STATUS_LISTS#", RECORD)


def run_by(factory_id: str, invitation_id: str = "") -> Key:
    """By which invitation somebody came to run a factory: there stands the address."""
    return Key(f"RUN_BY#{factory_id}", f"INVITATION#{invitation_id}")


def count(name: str, stretch: int) -> Key:
    """How often something happened in a stretch of time."""
    return Key(f"COUNT#{name}", str(stretch))


def events(record: str) -> str:
    """The partition of a record's history; a record is called ``FACTORY#…``, ``CERTIFICATE#…``, ``PRODUCT#…``."""
    return f"EVENTS#{record}"


def event(record: str, number: int) -> Key:
    """One event, counted from 1."""
    return Key(events(record), f"{number:012d}")
