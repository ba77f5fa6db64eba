"""
What crosses a process: versioned, frozen structs, and how each is signed and opened.

docs/develop/contracts.md has an example of each; the tests read them.
"""
