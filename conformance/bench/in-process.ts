/**
 * Times clusters in the library's own process: prints as JSON the milliseconds of a first and a second in-memory
 * cluster, from the call of createCluster until it resolves. A process of its own, so that nothing is loaded before.
 */
const door = new URL("../../dist/index.js", import.meta.url).href;
const { createCluster } = (await import(door)) as typeof import("../../index.ts");

async function milliseconds(): Promise<number> {
  const start = performance.now();
  const cluster = await createCluster({ storage: "memory" });
  const taken = performance.now() - start;
  await cluster.close();
  return taken;
}

console.log(JSON.stringify({ first: await milliseconds(), second: await milliseconds() }));
