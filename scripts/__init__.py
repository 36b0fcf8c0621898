"""What the Makefile and the tests need beyond two plain commands. Nothing in here is part of the CRM."""
