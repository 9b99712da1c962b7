"""Browser telephony: pages that hear each other by WebRTC, with the centre as go-between only.

The sound never passes through the centre. `translate` turns commands into messages for pages,
`addresses` takes network addresses out of what pages tell each other, `port` keeps the pages.
"""

from openline.telephony.browser.port import BrowserPort, Page

__all__ = ["BrowserPort", "Page"]
