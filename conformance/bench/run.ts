/**
 * npm run bench: measures the built package beside the real kube-apiserver, in turns. See README.md.
 *
 *     node conformance/bench/run.ts [--quick] [--rounds N] [--only ours|peer]
 */

import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { type Server, type ServerName, serverNames, startServer } from "./servers.ts";

const here = import.meta.dirname;
const program = join(here, ".cache", "load");

interface Sizes {
  /** Pods that each kind of request goes to. */
  pods: number;
  lists: number;
  watchers: number;
  /** Writes that every watcher sees. */
  writes: number;
}

const fullSizes: Sizes = { pods: 5000, lists: 30, watchers: 100, writes: 500 };
const quickSizes: Sizes = { pods: 1000, lists: 10, watchers: 100, writes: 100 };

interface Work {
  title: string;
  unit: string;
  /** Arguments of the load program. */
  args(sizes: Sizes): Record<string, string | number>;
}

const works: readonly Work[] = [
  ...["create", "get", "merge", "apply"].map((work) => podWork(work)),
  listWork("list", "list, as it is"),
  listWork("list-gzip", "list, gzip accepted"),
  podWork("delete"),
  watchWork("watch", "watch events, pods"),
  watchWork("watch-leases", "watch events, leases"),
];

/** With RBAC and all default admission, by the title of the same without. */
const guardedWorks: ReadonlyMap<string, Work> = new Map(
  ["create", "get", "merge", "delete"].map((work) => [work, podWork(work, `${work}, guarded`)]),
);

function podWork(work: string, title = work): Work {
  return { title, unit: "a second", args: ({ pods }) => ({ work, count: pods, clients: 32 }) };
}

function listWork(work: string, title: string): Work {
  return { title, unit: "a second", args: ({ lists }) => ({ work, count: lists, clients: 4 }) };
}

function watchWork(work: string, title: string): Work {
  return {
    title,
    unit: "a second",
    args: ({ writes, watchers }) => ({ work, count: writes, clients: watchers }),
  };
}

interface Seen {
  operations: number;
  seconds: number;
  bytes: number;
  clientCpu: number;
}

/** Figures by title: better is more, but for start and memory. */
interface Figure {
  value: number;
  unit: string;
  /** Server time of one operation, in microseconds. */
  cpu?: number;
  note?: string;
}

const run = promisify(execFile);

async function measureWork(server: Server, work: Work, sizes: Sizes): Promise<Figure> {
  const args = { url: server.url, token: server.token, ...work.args(sizes) };
  const flags = Object.entries(args).map(([name, value]) => `-${name}=${value}`);
  const before = server.cpuSeconds();
  const { stdout } = await run(program, flags);
  const cpu = server.cpuSeconds() - before;
  const { operations, seconds, bytes, clientCpu } = JSON.parse(stdout) as Seen;
  const rate = (bytes / seconds / 1e6).toFixed(0);
  return {
    value: operations / seconds,
    unit: work.unit,
    cpu: (cpu / operations) * 1e6,
    note: `${rate} MB/s, client busy ${((100 * clientCpu) / seconds).toFixed(0)} %`,
  };
}

/** Only ours can be had without a process of its own. */
async function measureInProcess(): Promise<[string, Figure][]> {
  const { stdout } = await run(process.execPath, [join(here, "in-process.ts")]);
  const { first, second } = JSON.parse(stdout) as { first: number; second: number };
  return [
    ["first cluster in a process", { value: first, unit: "ms" }],
    ["second cluster in a process", { value: second, unit: "ms" }],
  ];
}

async function measureServer(name: ServerName, sizes: Sizes): Promise<Map<string, Figure>> {
  const figures = new Map<string, Figure>(name === "ours" ? await measureInProcess() : []);
  const whole = await startServer(name, "whole");
  figures.set("start", { value: whole.readyMilliseconds, unit: "ms" });
  figures.set("resident when ready", { value: whole.residentMegabytes(), unit: "MB" });
  await whole.stop();
  const bare = await startServer(name, "bare");
  try {
    for (const work of works) await measureInto(figures, name, bare, work, sizes);
    figures.set("resident after all", { value: bare.residentMegabytes(), unit: "MB" });
  } finally {
    await bare.stop();
  }
  const guarded = await startServer(name, "guarded");
  try {
    for (const [unguarded, work] of guardedWorks) {
      const figure = await measureInto(figures, name, guarded, work, sizes);
      figure.note = `${times(figure.cpu, figures.get(unguarded)?.cpu, 2)} times that without`;
    }
  } finally {
    await guarded.stop();
  }
  return figures;
}

async function measureInto(
  figures: Map<string, Figure>,
  name: ServerName,
  server: Server,
  work: Work,
  sizes: Sizes,
): Promise<Figure> {
  const figure = await measureWork(server, work, sizes);
  figures.set(work.title, figure);
  console.error(`${name}: ${work.title} ${text(figure)}`);
  return figure;
}

function text(figure: Figure | undefined): string {
  if (!figure) return "–";
  const { value, unit, cpu, note } = figure;
  const number = value.toFixed(value < 100 ? 1 : 0);
  const details = [...(cpu === undefined ? [] : [`${cpu.toFixed(0)} µs CPU each`]), ...(note ? [note] : [])];
  return `${number} ${unit}${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
}

/** The figure in the middle of several rounds. */
function median(figures: readonly Figure[]): Figure | undefined {
  const sorted = figures.toSorted((a, b) => a.value - b.value);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function printTable(rounds: Readonly<Record<ServerName, Map<string, Figure>[]>>): void {
  const titles = new Set(serverNames.flatMap((name) => rounds[name].flatMap((round) => [...round.keys()])));
  console.log("| work | peer | ours | times better | times less CPU |\n|---|---|---|---|---|");
  for (const title of titles) {
    const of = (name: ServerName) => median(rounds[name].flatMap((round) => round.get(title) ?? []));
    const peer = of("peer");
    const ours = of("ours");
    const smallerIsBetter = (ours ?? peer)?.unit === "ms" || (ours ?? peer)?.unit === "MB";
    const better = smallerIsBetter ? times(peer?.value, ours?.value) : times(ours?.value, peer?.value);
    const lessCpu = times(peer?.cpu, ours?.cpu);
    console.log(`| ${title} | ${text(peer)} | ${text(ours)} | ${better} | ${lessCpu} |`);
  }
}

function times(more: number | undefined, less: number | undefined, digits = 1): string {
  return more === undefined || less === undefined ? "–" : (more / less).toFixed(digits);
}

function buildLoad(): void {
  const args = ["build", "-buildvcs=false", "-trimpath", "-o", program, "."];
  execFileSync("go", args, { cwd: join(here, "load"), env: { ...process.env, CGO_ENABLED: "0" } });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string", default: "2" },
      only: { type: "string" },
    },
  });
  if (!existsSync(join(here, "../../dist/kubefacade.js"))) throw new Error("npm run build comes first");
  buildLoad();
  const sizes = values.quick ? quickSizes : fullSizes;
  const rounds: Record<ServerName, Map<string, Figure>[]> = { peer: [], ours: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of serverNames) {
      if (values.only === undefined || values.only === name) {
        rounds[name].push(await measureServer(name, sizes));
      }
    }
  }
  printTable(rounds);
}

await main();
