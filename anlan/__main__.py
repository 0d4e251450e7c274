"""``python -m anlan``."""

import sys

from anlan.site.command import main

sys.exit(main())
