// The recording of a call in its story: heard for a reason that is chosen first, or destroyed as its caller wished.

import { find, setHidden, setText } from "./dom.ts";

const THINKS_MS = 5000;

export function offerRecording(box: HTMLElement): void {
  const path = `/api/recordings/${box.dataset["recording"] ?? ""}`;
  const why = find<HTMLSelectElement>(box, "[data-why]");
  const hear = find<HTMLButtonElement>(box, "[data-hear]");
  const destroy = find<HTMLButtonElement>(box, "[data-destroy]");
  const problem = find<HTMLElement>(box, "[data-problem]");
  const words = { hear: hear.textContent, destroy: destroy.textContent };
  // At the rate of the telephone: an hour of it takes a sixth of the memory.
  const context = new AudioContext({ sampleRate: 8000 });
  let playing: AudioBufferSourceNode | null = null;
  let sureUntil = 0;

  function stop(): void {
    const before = playing;
    playing = null;
    before?.stop();
    setText(hear, words.hear);
  }

  async function play(): Promise<void> {
    hear.disabled = true;
    try {
      const got = await ask(`${path}/sound`, { why: why.value });
      await context.resume();
      const source = context.createBufferSource();
      source.buffer = await context.decodeAudioData(await got.arrayBuffer());
      source.connect(context.destination);
      source.addEventListener("ended", () => {
        if (playing === source) stop();
      });
      source.start();
      playing = source;
      setText(hear, hear.dataset["stop"] ?? "");
      setHidden(problem, true);
    } catch {
      setHidden(problem, false);
    }
    hear.disabled = false;
  }

  async function withdraw(): Promise<void> {
    try {
      await ask(`${path}/withdrawal`, {});
    } catch {
      setHidden(problem, false);
      return;
    }
    if (playing) stop();
    setHidden(problem, true);
    setHidden(find<HTMLElement>(box, "[data-gone]"), false);
    hear.disabled = destroy.disabled = why.disabled = true;
  }

  why.addEventListener("change", () => {
    hear.disabled = why.value === "";
  });
  hear.addEventListener("click", () => {
    if (playing) stop();
    else void play();
  });
  destroy.addEventListener("click", () => {
    if (Date.now() < sureUntil) {
      void withdraw();
      return;
    }
    sureUntil = Date.now() + THINKS_MS;
    setText(destroy, destroy.dataset["sure"] ?? "");
    setTimeout(() => setText(destroy, words.destroy), THINKS_MS);
  });
}

async function ask(path: string, body: object): Promise<Response> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}
