"""Celery's beat, on a machine whose clock is set back."""

from typing import Any

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """A task that "ran in an hour" would, to Celery's own scheduler, not be due again for an hour."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Sends what is due; seconds until the next call."""
        self.forget_the_future()
        return super().tick(*args, **kwargs)

    def forget_the_future(self) -> None:
        """Counts what ran later than now as run just now."""
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self.populate_heap()
