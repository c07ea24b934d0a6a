"""The week grid of the timesheet: rows of tasks, seven days, hours typed into cells."""
