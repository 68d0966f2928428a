"""`python -m pipeline` is `newspage`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
