"""Stage 1: Django itself, nothing else."""

from mini_crm.settings.base import *

CRM_STAGE = "junior"
