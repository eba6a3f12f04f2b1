"""Host names: every spelling people paste becomes one, and Python and PostgreSQL agree on what is custom."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_billing.conf import declared
from pos_billing.facts.errors import Refused
from pos_billing.instances.hosts import (
    is_custom,
    normalised,
    platform_likes,
    platform_pattern,
    platform_suffixes,
)

SPELLINGS = {
    "www.example.com": "www.example.com",
    "  www.example.com\n": "www.example.com",
    "WWW.Example.COM": "www.example.com",
    "www.example.com.": "www.example.com",
    "https://www.example.com": "www.example.com",
    "HTTP://www.example.com/": "www.example.com",
    "https://www.example.com:8443/shop?page=2#top": "www.example.com",
    "www.example.com:443": "www.example.com",
    "www.example.com:": "www.example.com",
    "www.example.com/a:b": "www.example.com",
    "www.example.com?next=https://other.example.com": "www.example.com",
    "https://www.example.com/@user": "www.example.com",
    "bücher.example": "xn--bcher-kva.example",
    "BÜCHER.example": "xn--bcher-kva.example",
    "bu\u0308cher.example": "xn--bcher-kva.example",
    "xn--bcher-kva.example": "xn--bcher-kva.example",
    "XN--BCHER-KVA.example": "xn--bcher-kva.example",
    "straße.example": "xn--strae-oqa.example",
    "例え。example": "xn--r8jz45g.example",
    "_acme-challenge.example.com": "_acme-challenge.example.com",
    "r3---sn-old.example.com": "r3---sn-old.example.com",
    "1.example.com": "1.example.com",
    "a" * 63 + ".example": "a" * 63 + ".example",
}

REFUSED = {
    "": "Write a host name",
    "   ": "Write a host name",
    "https://": "Write a host name",
    ".": "Write a host name",
    "192.0.2.7": "IP address",
    "http://192.0.2.7:8000/": "IP address",
    "2001:db8::1": "IP address",
    "[2001:db8::1]:443": "IP address",
    "*.example.com": "wildcard",
    "www.*.com": "wildcard",
    "www example.com": "characters that host names do not have",
    "www.exam ple.com": "characters that host names do not have",
    "www.exam,ple.com": "characters that host names do not have",
    "localhost": "single word",
    "https://intranet/": "single word",
    "office@example.com": "names a user",
    "https://user:secret@example.com/": "names a user",
    "www..example.com": "two dots",
    ".example.com": "two dots",
    "-www.example.com": "hyphen",
    "www-.example.com": "hyphen",
    "a" * 64 + ".example": "more than 63 characters",
    ".".join(["a" * 50] * 6): "at most 253",
    "www.example.com:http": "not a port",
    "bücher_laden.example": "not a valid host name",
    "xn--a.example": "not a valid host name",
    "www.example\x00.com": "characters that host names do not have",
}

PLATFORM_SUFFIXES = tuple(declared()["POS_BILLING_PLATFORM_SUFFIXES"].default)
LABELS = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)
HOSTS = st.lists(LABELS, min_size=2, max_size=4).map(".".join)
SUFFIXES = st.lists(st.one_of(st.sampled_from(PLATFORM_SUFFIXES), HOSTS), max_size=4)
PREFIXES = st.sampled_from(["", ".", "x", "x.", "a-", "prod01.oregon.", "platform-os.com."])
ENDINGS = st.sampled_from(["", ".au", "x", "-x"])


@pytest.mark.parametrize(("spelling", "host"), SPELLINGS.items())
def test_every_spelling_becomes_one(spelling, host):
    """A scheme, a port, a path, blanks, capitals, the last dot and IDNA make no difference."""
    assert normalised(spelling) == host
    assert normalised(host) == host


@pytest.mark.parametrize(("spelling", "reason"), REFUSED.items())
def test_what_is_no_host_name_is_refused_with_the_reason(spelling, reason):
    """The message names the field and says what is wrong."""
    with pytest.raises(Refused, match=reason) as refused:
        normalised(spelling)
    assert refused.value.field == "host"


@given(st.text(max_size=40))
def test_whatever_people_paste_is_normal_or_refused(text):
    """No other error comes out, and what is normal stays as it is."""
    try:
        host = normalised(text)
    except Refused:
        return
    assert normalised(host) == host
    assert host == host.lower()
    assert host.isascii()


def test_the_settings_of_the_host_are_normalised(settings):
    """Suffixes may be written in any spelling; without the setting the platform's own ones hold."""
    settings.POS_BILLING_PLATFORM_SUFFIXES = ["Sites.Example.COM."]
    assert platform_suffixes() == ("sites.example.com",)
    del settings.POS_BILLING_PLATFORM_SUFFIXES
    assert platform_suffixes() == PLATFORM_SUFFIXES


@pytest.mark.parametrize(
    ("host", "custom"),
    [
        ("shop.prod01.oregon.platform-os.com", False),
        ("platform-os.com", False),
        ("shop.near-me.com", False),
        ("notplatform-os.com", True),
        ("platform-os.com.example.com", True),
        ("platform-osxcom.example.com", True),
        ("x.platform-osxcom", True),
        ("www.example.com", True),
    ],
)
def test_custom_means_under_none_of_the_suffixes(host, custom):
    """Whole labels count: a name that only ends in the same letters is custom."""
    assert is_custom(host, PLATFORM_SUFFIXES) is custom


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HOSTS, min_size=1, max_size=6), SUFFIXES, PREFIXES, ENDINGS)
def test_postgresql_agrees_on_what_is_custom(hosts, suffixes, prefix, ending):
    """The condition that billing runs use says of every host what ``is_custom`` says, also near a suffix."""
    hosts += [prefix + suffix + ending for suffix in suffixes]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT host, host NOT LIKE ALL(%s::text[]), host ~ %s FROM unnest(%s::text[]) AS host",
            [platform_likes(suffixes), platform_pattern(suffixes), hosts],
        )
        found = cursor.fetchall()
    assert found == [(host, is_custom(host, suffixes), not is_custom(host, suffixes)) for host in hosts]
