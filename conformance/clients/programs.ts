/** The client programs: what each needs on the machine, how it is made ready to run, and its command. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
const CACHE = join(HERE, ".cache");

export interface Program {
  readonly name: string;
  /** Commands of the machine, each with arguments that make it succeed. */
  readonly needs: readonly (readonly [string, ...string[]])[];
  /** Fetches its pinned dependencies and builds it; resolves to the command that runs it. */
  prepare(): Promise<readonly [string, ...string[]]>;
}

/** Runs a command to its end; throws the end of what it said when it fails. */
function run(command: string, args: readonly string[], cwd: string, env = process.env): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4_000);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args[0]} ended with ${code}:\n${said}`));
    });
  });
}

/** Does the work unless it was done for the same content of a file. */
async function onceFor(file: string, stampFile: string, work: () => Promise<void>): Promise<void> {
  const stamp = createHash("sha256").update(readFileSync(file)).digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  await work();
  writeFileSync(stampFile, stamp);
}

async function prepareGo(): Promise<[string]> {
  const folder = join(HERE, "go");
  const program = join(CACHE, "go", "hello");
  // As the upstream programs are built, most of whose packages are in Go's cache then.
  const args = ["build", "-p", "2", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", program, "."];
  await run("go", args, folder, { ...process.env, CGO_ENABLED: "0" });
  return [program];
}

async function preparePython(): Promise<[string, string]> {
  const requirements = join(HERE, "python", "requirements.txt");
  const folder = join(CACHE, "python");
  const python = join(folder, "bin", "python");
  await onceFor(requirements, join(CACHE, "python.stamp"), async () => {
    rmSync(folder, { recursive: true, force: true });
    await run("python3", ["-m", "venv", folder], HERE);
    // Nothing that is not pinned; and of the thousands of modules most are never compiled.
    const options = ["--quiet", "--no-deps", "--no-compile"];
    await run(python, ["-m", "pip", "install", ...options, "-r", requirements], HERE);
  });
  return [python, join(HERE, "python", "hello.py")];
}

let javaClasses: Promise<string> | undefined;

/** The class path of both Java programs, compiled. */
async function compileJava(): Promise<string> {
  const sources = join(HERE, "java");
  const folder = join(CACHE, "java");
  const pathFile = join(folder, "classpath");
  mkdirSync(folder, { recursive: true });
  await onceFor(join(sources, "pom.xml"), join(CACHE, "java.stamp"), () =>
    run("mvn", ["-B", "-q", "dependency:build-classpath", `-Dmdep.outputFile=${pathFile}`], sources),
  );
  const classPath = readFileSync(pathFile, "utf8").trim();
  const files = readdirSync(sources).filter((name) => name.endsWith(".java"));
  await run("javac", ["-cp", classPath, "-proc:none", "-d", join(folder, "classes"), ...files], sources);
  return `${join(folder, "classes")}:${classPath}`;
}

function java(name: string, main: string): Program {
  return {
    name,
    needs: [
      ["javac", "-version"],
      ["mvn", "-v"],
    ],
    async prepare() {
      javaClasses ??= compileJava();
      // Short runs: the second compiler would never pay.
      return ["java", "-XX:TieredStopAtLevel=1", "-cp", await javaClasses, main];
    },
  };
}

export const PROGRAMS: readonly Program[] = [
  { name: "node", needs: [], prepare: async () => [process.execPath, join(HERE, "node", "hello.ts")] },
  { name: "go", needs: [["go", "version"]], prepare: prepareGo },
  { name: "python", needs: [["python3", "-m", "venv", "-h"]], prepare: preparePython },
  java("java", "JavaHello"),
  java("fabric8", "Fabric8Hello"),
];
