"""For the maintainer of packs: make one, compare two, check one, and see it rendered."""
