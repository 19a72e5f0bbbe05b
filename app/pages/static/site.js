// Nothing needs this. Where scripts run, the task that a flood makes necessary is solved without waiting a minute.
"use strict";
