// A worker that does nothing but wait. Browsers slow the timers of a hidden page down to one a minute, and
// an agent who reads elsewhere must be back within seconds when the centre restarts; a worker's timers run
// on. See ../desk/steady_timer.ts.

self.onmessage = ({ data }: MessageEvent<{ id: number; milliseconds: number }>) => {
  setTimeout(() => self.postMessage(data.id), data.milliseconds);
};
