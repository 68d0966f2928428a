"""`python -m newspage` is `newspage`."""

from newspage.cli import main

if __name__ == "__main__":
    main()
