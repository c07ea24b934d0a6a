"""How English pages write dates: day before month, and 24 hours, wherever one is."""

DAY_FORMAT = "l, j F"
DAY_SHORT_FORMAT = "D j M"
DAY_MONTH_FORMAT = "j M"
DATE_FORMAT = "j M Y"
MONTH_FORMAT = "F Y"
CLOCK_FORMAT = "H:i"
MOMENT_FORMAT = "j M Y, H:i"
