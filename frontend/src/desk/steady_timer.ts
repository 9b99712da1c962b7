// How does a hidden page keep time? It lets a worker wait (../pages/clockwork.ts); where there is none, it
// waits itself.

import type { Surroundings } from "../lib/socket.ts";

/** Gives an `after` whose waits are not slowed down while the page is hidden. */
export function steadyTimer(url: string): Surroundings["after"] {
  const calls = new Map<number, () => void>();
  let next = 1;
  let worker: Worker | null = null;
  const run = (id: number): void => {
    const call = calls.get(id);
    calls.delete(id);
    call?.();
  };
  try {
    worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<number>) => run(data);
    worker.onerror = () => {
      worker = null;
      // Whatever it was waiting for is due soon enough.
      for (const id of calls.keys()) setTimeout(() => run(id), 1000);
    };
  } catch {
    worker = null;
  }
  return (milliseconds, call) => {
    const id = next++;
    calls.set(id, call);
    if (worker) worker.postMessage({ id, milliseconds });
    else setTimeout(() => run(id), milliseconds);
    return () => calls.delete(id);
  };
}
