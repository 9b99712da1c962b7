"""Tests on the real parts: the whole centre as a process, real Chromium, real sound."""
