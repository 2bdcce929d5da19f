"""What looks like a secret: by its own form, or by the name that it is given.

Nothing here keeps or returns the secret's text for anything but to take it out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Forms that issuers give to what they issue: the variable that usually holds it, and what
#: each text of the form has in it, in small letters.
FORMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("AWS_ACCESS_KEY_ID", ("akia", "asia"), r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("GITHUB_TOKEN", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
     r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})"),
    ("GITLAB_TOKEN", ("glpat-",), r"\bglpat-[\w-]{20,}"),
    ("SLACK_TOKEN", ("xox",), r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("SLACK_WEBHOOK_URL", ("hooks.slack.com",),
     r"https://hooks\.slack\.com/(?:services|workflows)/[\w/+-]{20,}"),
    ("STRIPE_API_KEY", ("k_live_", "k_test_"), r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    ("ANTHROPIC_API_KEY", ("sk-ant-",), r"\bsk-ant-[\w-]{20,}"),
    ("OPENAI_API_KEY", ("sk-",), r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}"),
    ("GOOGLE_API_KEY", ("aiza",), r"\bAIza[\w-]{35}"),
    ("GOOGLE_ACCESS_TOKEN", ("ya29.",), r"\bya29\.[\w-]{20,}"),
    ("PYPI_TOKEN", ("pypi-",), r"\bpypi-[\w-]{40,}"),
    ("NPM_TOKEN", ("npm_",), r"\bnpm_[A-Za-z0-9]{36}"),
    ("HF_TOKEN", ("hf_",), r"\bhf_[A-Za-z0-9]{30,}"),
    ("SENDGRID_API_KEY", ("sg.",), r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    ("TELEGRAM_TOKEN", (":aa",), r"\b\d{8,10}:AA[\w-]{33}"),
    ("JSON_WEB_TOKEN", ("eyj",), r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}"),
    ("PRIVATE_KEY", ("private key",),
     r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
)  # fmt: skip
#: Texts of which only a part is secret, and which are no use without it.
CARRIERS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("DATABASE_URL", ("@",),
     r"(?i:\b[a-z][a-z0-9+.-]*://[^\s:/@'\"{}]*:[^\s:/@'\"{}$<>*]{3,}@[^\s'\"]+)"),
    ("CONNECTION_STRING", ("key=", "pwd=", "password="),
     r"(?i:(?:[\w ]{1,40}=[^;'\"\n]{0,200};){0,12}"
     r"(?:account_?key|shared_?access_?key|pwd|password)=[^;\s'\"{}]{4,}(?:;[^'\"\n]*)?)"),
    ("QUERY", ("key=", "token=", "password=", "sig=", "secret=", "appid="),
     r"(?i:[?&](?P<said>api_?key|access_?token|auth_?token|token|password|sig|secret|apikey|appid)"
     r"=(?P<value>[^\s&'\"{}<>$]{12,}))"),
)  # fmt: skip
WORD = (
    r"password|passwd|pwd|passphrase|secret|api_?secret|client_?secret|api_?key|access_?key|"
    r"secret_?key|private_?key|account_?key|encryption_?key|auth_?key|secret_access_key|token|"
    r"credentials?|conn(?:ection)?_?str(?:ing)?"
)
# Patterns are compiled when they are first needed: most notebooks never get there.
TELLING = rf"(?i:(?:^|.*_)(?P<word>{WORD})(?:_?\d+)?$)"
STRONG = "(?i:pass|pwd|secret)"
SAID = (
    rf"(?i:(?P<before>\b(?:\w*_)?(?:{WORD}|key)\b[`'\"]?\s*(?:[:=]|\bis\b)\s*[`'\"]?)"
    r"(?P<value>[^\s`'\",;<>()]+))"
)
PLACEHOLDER = (
    r"(?i:^(?:your|my|the|some|an?|insert|enter|replace|change|put|add|xx+|\.\.+|\*+|-+|__|<|\{|\$|"
    r"%|todo|none|null|true|false|test|example|dummy|fake|sample|placeholder|redacted|hidden|str|"
    rf"string|text|object|int|bytes|{WORD})(?:$|[\W_]|your|here|me)|^__|here>?$|^(?:{WORD}|\W*)$)"
)
#: Without one of these, in small letters, a text holds no secret that could be told.
HINTS = (
    "passw", "passp", "pwd", "secret", "key", "token", "credential", "conn", "akia", "asia",
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "sk-", "sk_live",
    "sk_test", "rk_live", "rk_test", "aiza", "ya29.", "pypi-", "npm_", "hf_", "sg.", ":aa", "eyj",
    "hooks.slack.com", "sig=", "appid=",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A secret within a text: where it is, and the variable to read it from."""

    start: int
    end: int
    variable: str


def worth_a_look(text: str) -> bool:
    """Whether ``text`` may hold a secret at all; cheap, and generous."""
    small = text.lower()
    for hint in HINTS:
        if hint in small:
            return True
    return "://" in small and "@" in small


def spots_in(text: str) -> list[Spot]:
    """Secrets in ``text`` that are known by their own form, from left to right."""
    small = text.lower()
    found = [_spot(match) for match in _matches(CARRIERS, text, small)]
    for match in _matches(FORMS, text, small):
        if not any(s.start <= match.start() < s.end for s in found):
            found.append(Spot(match.start(), match.end(), _variable(match)))
    return sorted(found, key=lambda spot: spot.start)


def _matches(
    forms: tuple[tuple[str, tuple[str, ...], str], ...], text: str, small: str
) -> Iterator[re.Match[str]]:
    """Where ``text`` has one of the forms; ``small`` is the same text in small letters."""
    # A pattern is tried at each letter of the text: those that cannot be there are left out.
    likely = [
        f"(?P<{name}>{form})" for name, marks, form in forms if any(mark in small for mark in marks)
    ]
    return re.finditer("|".join(likely), text) if likely else iter(())


def _spot(match: re.Match[str]) -> Spot:
    if match.groupdict().get("QUERY"):
        # Of an address only the value is secret.
        return Spot(match.start("value"), match.end("value"), variable_of(match["said"]))
    return Spot(match.start(), match.end(), _variable(match))


def _variable(match: re.Match[str]) -> str:
    name = next((name for name, text in match.groupdict().items() if text), "SECRET")
    if name == "DATABASE_URL" and match.group().lower().startswith(("http", "ftp", "git", "ssh")):
        return "SERVICE_URL"
    return name


def is_telling(name: str) -> bool:
    """Whether what is called ``name`` may be a secret for that reason alone."""
    return re.match(TELLING, _snake(name)) is not None


def is_secret_by_name(name: str, value: str) -> bool:
    """Whether ``value`` is a secret because of what it is called."""
    match = re.match(TELLING, _snake(name))
    if match is None or len(value) < 4 or re.search(r"\s", value) or re.search(PLACEHOLDER, value):
        return False
    if re.search(STRONG, match["word"]):
        # A word of lower-case letters may be the name of a column or a widget as well.
        return len(value) >= 6 or any(not c.isalpha() for c in value)
    return looks_random(value)


def looks_random(value: str) -> bool:
    """Long, of one word, letters and digits mixed: nothing that a person would call something."""
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return len(value) >= 16 and mixed and re.fullmatch(r"[\w+/=.:~-]+", value) is not None


def masked(text: str) -> str:
    """Prose with the secrets in it struck out."""
    if not worth_a_look(text):
        return text
    for spot in reversed(spots_in(text)):
        lines = text.count("\n", spot.start, spot.end)
        text = text[: spot.start] + "***" + "\n" * lines + text[spot.end :]
    return re.sub(SAID, _struck, text)


def _struck(match: re.Match[str]) -> str:
    value = match["value"].rstrip(".")
    telling = re.search(STRONG, match["before"]) and any(not c.isalpha() for c in value)
    if looks_random(value) or (telling and len(value) >= 6 and not re.search(PLACEHOLDER, value)):
        return match["before"] + "***"
    return match.group()


def variable_of(name: str) -> str:
    """The environment variable for a secret that the notebook calls ``name``."""
    words = re.sub(r"\W+", "_", _snake(name)).strip("_").upper()
    return words if words.isidentifier() else "SECRET"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").replace(" ", "_")
