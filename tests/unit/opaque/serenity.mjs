// Answers calls to @serenity-kit/opaque (opaque-ke compiled to WebAssembly): one JSON object a line, in and out.
import { createInterface } from "node:readline";
import * as opaque from "@serenity-kit/opaque";

await opaque.ready;
for await (const line of createInterface({ input: process.stdin })) {
  const { side, verb, params } = JSON.parse(line);
  let answer;
  try {
    answer = { result: opaque[side][verb](params) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
