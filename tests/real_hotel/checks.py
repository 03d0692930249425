"""Named checks and the plain report that they make."""

import time


class Checks:
    """Counts what was proved; prints each check as it is made."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self._start = time.monotonic()

    def heading(self, text):
        print(f"\n== {text} ({time.monotonic() - self._start:.0f} s)", flush=True)

    def say(self, text):
        print(f"   {text}", flush=True)

    def that(self, name, holds, detail=""):
        """One named check; the detail is printed when it does not hold."""
        if holds:
            self.passed += 1
            print(f"ok   {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {name}{': ' if detail else ''}{detail}", flush=True)
        return holds

    def equal(self, name, expected, answered):
        return self.that(name, expected == answered, f"expected {expected}, answered {answered}")

    def none(self, name, differences):
        """A check over many values: it holds when nothing differs."""
        shown = "; ".join(str(one) for one in differences[:5])
        more = f" … {len(differences)} in all" if len(differences) > 5 else ""
        return self.that(name, not differences, shown + more)
