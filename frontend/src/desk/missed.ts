// Has she noticed that she missed a call? Remembered for this tab by the instant of the miss, so that
// loading the page anew does not call her once more.

const KEY = "openline-missed";

export function isAcknowledged(since: number): boolean {
  try {
    return sessionStorage.getItem(KEY) === String(since);
  } catch {
    return false;
  }
}

export function acknowledge(since: number): void {
  try {
    sessionStorage.setItem(KEY, String(since));
  } catch {
    // Then a reload calls her once more.
  }
}
