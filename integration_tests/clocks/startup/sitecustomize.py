"""Shifts the clock of each Python process that finds this file on its path: pytest's, its workers' and the connector's.

Python imports it at its start: https://docs.python.org/3/library/site.html
"""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["CLOCK_SHIFT_SECONDS"]), tick=True).start()
