#!/usr/bin/env node
// The first file of the command: it looks at Node's version before anything newer than that is loaded.
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`kubefacade needs Node.js 22.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
// Halves the time to load everything that follows.
module.enableCompileCache();
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
