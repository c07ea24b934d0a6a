"""`python -m stint_desktop`."""

from stint_desktop.main import main

if __name__ == "__main__":
    main()
