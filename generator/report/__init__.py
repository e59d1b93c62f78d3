"""What was found, as people and programs read it: the only place that puts findings into words.

``facts``: what every form says. ``text``: for a console. ``json``, ``sarif``: for programs.
``html``: one page to read and to print. ``rules``: the list of rules and their manual pages.
"""
