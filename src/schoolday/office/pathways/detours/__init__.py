"""
Detours: scoped, dated, reversible changes of pathway, and staggered starts.

`resolve.py` decides, purely, which detour moves a section; `dressing.py` writes it into a school's plan, the same for a
full publish and for the quick one of `publishing.py`. People act through `actions.py`.
"""
