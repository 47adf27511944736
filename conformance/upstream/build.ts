/**
 * Builds the pinned upstream programs into `.cache/bin`: without names those that the comparisons need.
 *
 *     node conformance/upstream/build.ts [name ...]
 *
 * Versions stand in go.mod and etcd/go.mod, hashes in the go.sum beside each. A program whose pins,
 * flags and Go version have not changed since its last build is left alone. Without Go the command
 * fails in CI; on a user's machine it says so in one line and ends well.
 */

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Program {
  readonly name: string;
  /** The folder of the Go module that pins it. */
  readonly module: string;
  readonly package: string;
  readonly version?: string;
  /** The program that runs the package's tests. */
  readonly isTest?: true;
  /** It is built only when it is asked for by its name. */
  readonly isOnDemand?: true;
}

const HERE = import.meta.dirname;
export const BIN_DIR = join(HERE, ".cache", "bin");

export const PROGRAMS: readonly Program[] = [
  { name: "kubectl", module: HERE, package: "k8s.io/kubernetes/cmd/kubectl", version: "v1.36.3" },
  {
    name: "kube-apiserver",
    module: HERE,
    package: "k8s.io/kubernetes/cmd/kube-apiserver",
    version: "v1.36.3",
  },
  {
    name: "kube-controller-manager",
    module: HERE,
    package: "k8s.io/kubernetes/cmd/kube-controller-manager",
    version: "v1.36.3",
    isOnDemand: true,
  },
  { name: "etcd", module: join(HERE, "etcd"), package: "go.etcd.io/etcd/server/v3" },
  { name: "ginkgo", module: HERE, package: "github.com/onsi/ginkgo/v2/ginkgo", isOnDemand: true },
  {
    name: "e2e.test",
    module: HERE,
    package: "k8s.io/kubernetes/test/e2e",
    version: "v1.36.3",
    isTest: true,
    isOnDemand: true,
  },
];

/** The path of a built program, or undefined where it has not been built. */
export function builtProgram(name: string): string | undefined {
  const path = join(BIN_DIR, name);
  return existsSync(path) ? path : undefined;
}

/** The version that the programs report: `go build` from a module cannot read it from git. */
function linkerFlags(version: string | undefined): string {
  if (version === undefined) return "-s -w";
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  const set = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`;
  return [
    "-s -w",
    set("gitVersion", version),
    set("gitMajor", major ?? ""),
    set("gitMinor", minor ?? ""),
  ].join(" ");
}

function fingerprint(program: Program, goVersion: string): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(program.module, file)));
  hash.update(`${goVersion}\0${program.package}\0${linkerFlags(program.version)}`);
  return hash.digest("hex");
}

/** What a test program is made of: `go build` tells how far it is with that, `go test -c` says nothing until its end. */
const testImports = ({ module, package: path }: Program): string[] => {
  const { stdout } = spawnSync("go", ["list", "-f", '{{join .TestImports "\\n"}}', path], {
    cwd: module,
    encoding: "utf8",
  });
  return stdout.split("\n").filter(Boolean);
};

async function goBuild(program: Program, output: string): Promise<void> {
  const flags = ["-p", "2", "-buildvcs=false", "-trimpath", "-ldflags", linkerFlags(program.version)];
  if (program.isTest) await runGo(program, ["build", "-v", ...flags, ...testImports(program)]);
  const verb = program.isTest ? ["test", "-c", "-vet=off"] : ["build", "-v"];
  await runGo(program, [...verb, ...flags, "-o", output, program.package]);
}

/** Runs Go, with a line every few seconds that names how many packages are compiled. */
function runGo(program: Program, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = spawn("go", args, { cwd: program.module, env: { ...process.env, CGO_ENABLED: "0" } });
    const tail: string[] = [];
    let compiled = 0;
    let told = Date.now();
    createInterface({ input: go.stderr }).on("line", (line) => {
      compiled++;
      tail.push(line);
      if (tail.length > 30) tail.shift();
      if (Date.now() - told < 10_000) return;
      told = Date.now();
      console.log(`${program.name}: ${compiled} packages, at ${line}`);
    });
    go.on("error", reject);
    go.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go ${args[0]} ${program.package} ended with ${code}:\n${tail.join("\n")}`));
    });
  });
}

async function buildProgram(program: Program, goVersion: string): Promise<void> {
  const output = join(BIN_DIR, program.name);
  const stampFile = `${output}.stamp`;
  const stamp = fingerprint(program, goVersion);
  if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
    console.log(`${program.name}: up to date`);
    return;
  }
  const started = Date.now();
  console.log(`${program.name}: building ${program.package}`);
  await goBuild(program, output);
  writeFileSync(stampFile, stamp);
  console.log(`${program.name}: built in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

/** false: Go is missing, on a user's machine. */
export async function buildPrograms(names: readonly string[]): Promise<boolean> {
  const unknown = names.filter((name) => !PROGRAMS.some((program) => program.name === name));
  if (unknown.length > 0) throw new Error(`no such program: ${unknown.join(", ")}`);
  const go = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  if (go.status !== 0) {
    if (process.env["CI"])
      throw new Error("Go is needed to build the upstream programs, and is not installed");
    console.log("Go is not installed: the upstream programs are not built and what needs them is skipped");
    return false;
  }
  mkdirSync(BIN_DIR, { recursive: true });
  for (const program of PROGRAMS) {
    const isWanted = names.length === 0 ? !program.isOnDemand : names.includes(program.name);
    if (isWanted) await buildProgram(program, go.stdout.trim());
  }
  return true;
}

if (import.meta.main) await buildPrograms(process.argv.slice(2));
