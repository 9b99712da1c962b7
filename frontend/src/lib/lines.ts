// Reads an answer that comes line by line, each a JSON value of its own.

/** Calls `show` with the newest whole line whenever some have come; returns when the answer has ended. */
export async function readLines<Line>(answer: Response, show: (line: Line) => void): Promise<void> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (held + value).split("\n");
    held = lines.pop() ?? "";
    const last = lines.at(-1);
    if (last !== undefined) show(JSON.parse(last) as Line);
  }
}
