"""A keyboard with a layout: the events that a browser gets when somebody with that layout presses a key."""

from __future__ import annotations

from typing import NamedTuple

from playwright.sync_api import Page

SHIFT, CTRL = 8, 2
_NAMED = {"Tab": 9, "Enter": 13, "Space": 32, "Escape": 27}


class Layout(NamedTuple):
    """What the keys of a layout type; a code is the key's place on the keyboard."""

    word: dict[str, str]
    """A word as characters by code, in order."""
    digits: str
    """The row of digits from 0."""
    shifted: str
    """What Shift and the same row type."""


LAYOUTS = {
    "en": Layout({"KeyS": "s", "KeyA": "a", "KeyL": "l", "KeyM": "m"}, "0123456789", ")!@#$%^&*("),
    "fa": Layout({"KeyS": "س", "KeyG": "ل", "KeyH": "ا", "KeyL": "م"}, "۰۱۲۳۴۵۶۷۸۹", "(!٬٫﷼٪×،*)"),
    "ar": Layout({"KeyS": "س", "KeyG": "ل", "KeyH": "ا", "KeyL": "م"}, "٠١٢٣٤٥٦٧٨٩", ")!@#$%^&*("),
}


class Keyboard:
    """Presses keys through the DevTools protocol, so that a key of the keypad is one."""

    def __init__(self, page: Page, layout: str) -> None:
        self.page = page
        self.layout = LAYOUTS[layout]
        self._session = page.context.new_cdp_session(page)

    def press(self, name: str, modifiers: int = 0) -> None:
        """A key that types nothing: Tab, Enter and so on."""
        text = "\r" if name == "Enter" and modifiers == 0 else ""
        self._stroke(key=name, code=name, number=_NAMED[name], text=text, modifiers=modifiers)

    def choose(self, number: int) -> None:
        """Shift and a digit of the row above the letters."""
        key = self.layout.shifted[number]
        self._stroke(key=key, code=f"Digit{number}", number=48 + number, text=key, modifiers=SHIFT)

    def write(self) -> str:
        """The layout's word, then every digit of the row and every digit of the keypad; what was typed."""
        for code, char in self.layout.word.items():
            self._stroke(key=char, code=code, number=ord(code[-1]), text=char)
        for digit in range(10):
            char = self.layout.digits[digit]
            self._stroke(key=char, code=f"Digit{digit}", number=48 + digit, text=char)
        self.keypad()
        return "".join(self.layout.word.values()) + self.layout.digits + "0123456789"

    def keypad(self) -> None:
        """Every digit of the numeric keypad."""
        for digit in range(10):
            self._stroke(key=str(digit), code=f"Numpad{digit}", number=96 + digit, text=str(digit), keypad=True)

    def until(self, name: str) -> int:
        """Press Tab until the box of that name has the focus; how often it was pressed."""
        for pressed in range(30):
            if self.page.evaluate("document.activeElement.name") == name:
                return pressed
            self.press("Tab")
        raise AssertionError(f"no Tab leads to {name}")

    def _stroke(
        self, *, key: str, code: str, number: int, text: str = "", modifiers: int = 0, keypad: bool = False
    ) -> None:
        event = {
            "key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers, "isKeypad": keypad,
        }  # fmt: skip
        down = {"type": "keyDown" if text else "rawKeyDown"} | ({"text": text} if text else {})
        self._session.send("Input.dispatchKeyEvent", event | down)
        self._session.send("Input.dispatchKeyEvent", event | {"type": "keyUp"})
