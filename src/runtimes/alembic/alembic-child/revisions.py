"""Which revisions stand on which, and whether what the table holds allows one of them."""

from .common import parents
from .ends import Refused


class Revisions:
    def __init__(self, program):
        self.program = program
        # Parents by revision, and applied sets by their heads.
        self._graph, self._known = {}, {}

    def find(self, version):
        """The revision of exactly this id."""
        revision = self.program.script.get_revision(version)
        if revision is None or revision.revision != version:
            folder = self.program.relative(self.program.settings["folder"])
            raise Refused("load", "there is no revision %s in %s" % (version, folder))
        return revision

    def check_heads(self, revision, up, heads):
        """What the table holds must allow exactly this revision: Alembic would run the others that it needs as well."""
        applied = self.ancestors(heads)
        if up and revision.revision in applied:
            raise Refused("load", "revision %s is applied already" % revision.revision)
        if not up and revision.revision not in applied:
            raise Refused("load", "revision %s is not applied" % revision.revision)
        if up:
            unmet = [each for each in parents(revision) if each not in applied]
            if unmet:
                raise Refused("load", "revision %s needs %s, which is not applied" % (revision.revision, ", ".join(unmet)))
        else:
            over = [each for each in sorted(applied) if revision.revision in self._parents_of(each)]
            if over:
                raise Refused("load", "revision %s is needed by %s, which is applied" % (revision.revision, ", ".join(over)))

    def ancestors(self, heads):
        """The revisions and all that they stand on. The last two answers are kept: the heads behind a step are those before the next."""
        key = frozenset(heads)
        if key not in self._known:
            found, left = set(), list(key)
            while left:
                each = left.pop()
                if each not in found:
                    found.add(each)
                    left.extend(self._parents_of(each))
            while len(self._known) > 1:
                del self._known[next(iter(self._known))]
            self._known[key] = frozenset(found)
        return self._known[key]

    def _parents_of(self, revision):
        """Alembic resolves an id anew each time; for a thousand steps of a thousand revisions that is most of a run."""
        if revision not in self._graph:
            self._graph[revision] = parents(self.program.script.get_revision(revision))
        return self._graph[revision]
