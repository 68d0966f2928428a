"""The command line for `python -m newspage`."""

from newspage.cli import main

if __name__ == "__main__":
    main()
