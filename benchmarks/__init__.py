"""`make bench`: what Stint costs, each figure in one run with the floor it is held against."""
