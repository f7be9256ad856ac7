"""Spelling, seen from the whole query: of the words that could be meant, the one with which it finds something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kb_server.documents.analysis import Analyser
from kb_server.search.grammar import Clause, Query
from kb_server.search.knowledge import Knowledge
from kb_server.search.plan import FEW
from kb_server.search.spelling import Vocabulary

MOST_WORDS = 6  # of a query are corrected
MOST_TRIED = 4  # corrections of one word are tried
MOST_DOUBTED = 4  # words: in a longer query it is no wonder that no text has all of them
MUCH_MORE = 3  # times as many documents must have the other word

Finds = Callable[[Query], bool]


def corrected(query: Query, knowledge: Knowledge, finds: Finds) -> Query:
    """The query with every word that stands nowhere replaced by the likeliest that does; itself when all is well."""
    for word in _unknown(query, knowledge.vocabulary)[:MOST_WORDS]:
        if len(query.wanted) <= FEW and knowledge.vocabulary.made_of(word) and finds(query):
            continue  # "handover", where the texts have "hand-over"
        tries = [
            _with(query, word, near, knowledge.analyser) for near in knowledge.vocabulary.corrections(word)[:MOST_TRIED]
        ]
        if tries:
            query = tries[0] if len(tries) == 1 else next(filter(finds, tries), tries[0])
    return query


def doubted(query: Query, knowledge: Knowledge, finds: Finds) -> Query | None:
    """For words that do exist, but never together: one of them changed for a much more frequent one, if that helps."""
    words = [clause.words[0] for clause in query.wanted if not clause.quoted and len(clause.words) == 1]
    if not 1 < len(words) == len(query.wanted) <= MOST_DOUBTED:
        return None
    frequency = knowledge.vocabulary.frequency
    for word in sorted(filter(frequency, words), key=frequency):
        for near in knowledge.vocabulary.corrections(word)[:MOST_TRIED]:
            other = _with(query, word, near, knowledge.analyser)
            if frequency(near) > MUCH_MORE * frequency(word) and finds(other):
                return other
    return None


def may_go_on(query: Query, vocabulary: Vocabulary) -> bool:
    """Whether the last word is no word yet, but the beginning of one."""
    if not query.open_end or not query.wanted:
        return False
    last = query.wanted[-1].words[-1]
    return not vocabulary.knows(last) and vocabulary.begins_some(last)


def _unknown(query: Query, vocabulary: Vocabulary) -> list[str]:
    words = [word for clause in query.wanted if not clause.quoted for word in clause.words]
    if may_go_on(query, vocabulary):
        words.pop()
    return [word for word in dict.fromkeys(words) if not vocabulary.knows(word)]


def _with(query: Query, word: str, other: str, analyser: Analyser) -> Query:
    wanted = tuple(
        clause if clause.quoted else Clause(tuple(other if part == word else part for part in clause.words))
        for clause in query.wanted
    )
    pieces: list[str] = []
    done = 0
    for token in analyser.tokens(query.text):
        if token.word == word:
            pieces += (query.text[done : token.start], other)
            done = token.end
    return replace(query, text="".join((*pieces, query.text[done:])), wanted=tuple(dict.fromkeys(wanted)))
