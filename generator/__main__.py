"""``python -m generator`` does what the command ``gen-disclosure`` does."""

from generator.cli import main

if __name__ == "__main__":
    main()
