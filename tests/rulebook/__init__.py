"""One example or more for each rule: an input that breaks it, with the exact message."""
