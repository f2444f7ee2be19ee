"""The exercises of the chapters: cases, right answers, and what known mistakes lead to."""
