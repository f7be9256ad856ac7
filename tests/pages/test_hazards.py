"""Characters a reader would not see or would take for others, and those that only look suspicious."""

from __future__ import annotations

import pytest

from kb_server.pages.hazards import hazards_of

FINE = {
    "an emoji family": "👨‍👩‍👧 and 👩🏽‍💻 and 🏳️‍🌈",
    "emoji presentation": "☑️ ❤︎ 1️⃣ #️⃣",
    "the flag of Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "Persian": "می‌خواهم",
    "Hindi": "क्‍ष",
    "Mongolian": "ᠠ᠋",
    "Han with a variation": "葛\U000e0100",
    "Russian": "Привет, мир, а это слово",
    "Russian beside English": "The word мир means peace, and а is a word there",
    "Greek": "Καλημέρα κόσμε, ο κόσμος",
    "a unit and a symbol": "10 kΩ, 5 µm, Δt, α-team, π",
    "umlauts and accents": "Größe, naïve, Ærø, Łódź",
    "a byte order of words": "C++ & C#",
    "no-break and thin spaces": "14\u00a0days, 5\u2009%, 3\u202f€",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_a_language_or_an_emoji_may_use_what_it_needs(text: str) -> None:
    assert hazards_of(text) == ()


@pytest.mark.parametrize("code", [0xAD, 0x200B, 0x2060, 0xFEFF, 0x3164, 0x2800, 0x034F, 0xE0041, 0x180E, 0x206A])
def test_what_cannot_be_seen_is_named(code: int) -> None:
    assert f"U+{code:04X}" in hazards_of(f"a lead{chr(code)} is")[0]


@pytest.mark.parametrize("code", [0x202A, 0x202E, 0x2066, 0x2069, 0x200F, 0x061C])
def test_what_turns_the_direction_is_named(code: int) -> None:
    assert "direction" in hazards_of(f"a lead{chr(code)} is")[0]


def test_a_hazard_says_where_it_is_and_is_said_once() -> None:
    assert hazards_of("a quali\u200bfied lead") == (
        "U+200B ZERO WIDTH SPACE cannot be seen, near “a quali⟨U+200B⟩fied lead”.",
    )
    assert len(hazards_of("p\u0430y p\u0430y p\u0430y")) == 1


def test_a_joiner_after_a_latin_letter_is_reported_beside_persian() -> None:
    assert len(hazards_of("می‌خواهم and le\u200cad")) == 1


@pytest.mark.parametrize("word", ["р\u0430ssword", "P\u0391ID", "1О0", "ｎot", "lea\u0501", "\u13a0ll"])
def test_a_word_of_two_alphabets_is_reported(word: str) -> None:
    assert "mixes alphabets" in hazards_of(f"the {word} is")[0]


def test_a_whole_word_in_disguise_is_reported() -> None:
    assert "looks Latin" in hazards_of("we \u0441\u043e\u0440\u0435 so")[0]
