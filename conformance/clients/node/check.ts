/** The output form of a client program: a line for each check, and at the end their number. */

const NAME = "node";
let count = 0;

export async function check(what: string, holds: () => Promise<void>): Promise<void> {
  count++;
  try {
    await holds();
    console.log(`ok ${NAME}: ${what}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(`FAILED ${NAME}: ${what}: ${why.replaceAll(/\s+/g, " ")}`);
  }
}

export function end(): void {
  console.log(`end ${count}`);
}

/** Waits until the condition holds; throws what was seen last where it does not in time. */
export async function eventually(seen: () => unknown, isThere: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!isThere()) {
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(seen())}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run node conformance/clients/run.ts`);
  return value;
}

/** Cuts every connection to the server. */
export async function cutConnections(): Promise<void> {
  await fetch(env("DOOR_CONTROL"), { method: "POST" });
}
