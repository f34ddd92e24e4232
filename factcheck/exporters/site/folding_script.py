"""The fold by which claims are found, as a script for browsers: one table, made from `factcheck.folding`.

`python -m factcheck.exporters.site.folding_script` prints it; `data/folding.js` keeps it, and a test compares both.
"""

from __future__ import annotations

import json
import sys
import unicodedata

from factcheck.folding.letters import fold_to_find

_SCRIPT = """\
// Made from factcheck.folding by factcheck/exporters/site/folding_script.py; do not edit.
"use strict";
var factcheckFold = (function () {
  var table = %s;
  // Of a range of characters each folds to nothing.
  var nothing = new RegExp("[%s]", "gu");
  return function (text) {
    var lower = text.normalize("NFKC").toLowerCase().replace(nothing, "");
    var folded = "";
    for (var char of lower) {
      folded += Object.prototype.hasOwnProperty.call(table, char) ? table[char] : char;
    }
    return folded.normalize("NFKC").replace(/[^\\p{L}\\p{N}]+/gu, " ").trim();
  };
})();
"""


def script() -> str:
    """The script: `factcheckFold(text)` is `match_key(text)`."""
    table = folds()
    nothing = sorted(char for char, folded in table.items() if not folded)
    kept = {char: folded for char, folded in sorted(table.items()) if folded}
    return _SCRIPT % (json.dumps(kept, ensure_ascii=True, separators=(",", ":")), _ranges(nothing))


def folds() -> dict[str, str]:
    """What a browser's NFKC and lower case leave to be folded, by character of the Basic Multilingual Plane."""
    table: dict[str, str] = {}
    for code in range(0x10000):
        char = chr(code)
        if unicodedata.category(char) in {"Cs", "Cn", "Co"}:
            continue
        for one in unicodedata.normalize("NFKC", char).lower():
            folded = fold_to_find(one)
            if folded != one:
                table[one] = folded
    return table


def _ranges(chars: list[str]) -> str:
    """The characters as the inside of a class of a regular expression."""
    found: list[list[int]] = []
    for code in map(ord, chars):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\\\u{a:04x}" + (f"-\\\\u{b:04x}" if b > a else "") for a, b in found)


if __name__ == "__main__":
    sys.stdout.write(script())
