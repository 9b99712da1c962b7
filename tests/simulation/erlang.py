"""Exact figures of the M/M/n+M queue (Palm 1957; Garnett, Mandelbaum and Reiman 2002), for checks.

Poisson arrivals, exponential service and exponential patience: the number in the system is a
birth-death process, so its stationary law follows from detailed balance, p[k+1] / p[k] = lambda /
(min(k+1, n)·mu + max(k+1-n, 0)·theta). Nothing here is shared with the program.
"""

from dataclasses import dataclass
from math import exp, log


@dataclass(frozen=True)
class ErlangA:
    """Rates are per second."""

    arrivals: float
    service: float
    abandonment: float
    agents: int

    def law(self) -> list[float]:
        """Returns the probabilities of 0, 1, 2 … callers, up to where they vanish."""
        logs = [0.0]
        while len(logs) <= self.agents or logs[-1] > max(logs) - 60:
            k = len(logs)
            leaving = min(k, self.agents) * self.service
            leaving += max(k - self.agents, 0) * self.abandonment
            logs.append(logs[-1] + log(self.arrivals / leaving))
        top = max(logs)
        weights = [exp(value - top) for value in logs]
        total = sum(weights)
        return [weight / total for weight in weights]

    @property
    def waits_share(self) -> float:
        """An arrival finds all agents busy (arrivals see time averages, Wolff 1982)."""
        return sum(self.law()[self.agents :])

    @property
    def abandoned_share(self) -> float:
        """Callers leave the queue at theta a head; as a share of those who come."""
        law = self.law()
        waiting = sum(p * (k - self.agents) for k, p in enumerate(law) if k > self.agents)
        return self.abandonment * waiting / self.arrivals

    @property
    def mean_wait(self) -> float:
        """Seconds, over all callers (Little: waiting / arrivals)."""
        return self.abandoned_share / self.abandonment

    @property
    def occupancy(self) -> float:
        return (1 - self.abandoned_share) * self.arrivals / (self.agents * self.service)
