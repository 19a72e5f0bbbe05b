"""Personal data over the years: anonymised when its time is over, told to whoever it is of, put right."""
