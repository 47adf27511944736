import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Pod } from "../../../api/core-types.ts";
import { defaultPod } from "../../../api/defaults/core-pod.ts";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import type { JsonObject } from "../../../api/object.ts";
import { decodeStruct } from "../../../api/schema/decode.ts";
import { loadTables } from "../../../api/schema/tables.ts";
import { parseYaml } from "../../../api/yaml.ts";
import type { CheckedPod } from "./check.ts";
import { detailsText, violations } from "./evaluate.ts";
import type { Level } from "./policy.ts";

type Verdicts = readonly (readonly [minor: number, text: string])[];

interface Answer {
  pod: CheckedPod;
  baseline: Verdicts;
  restricted: Verdicts;
}

const answers = readFileSync(join(import.meta.dirname, "fixtures/answers.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Answer);

/** By minor version, where it changes. */
function verdictsOf(level: Level, pod: CheckedPod): Verdicts {
  const texts = Array.from({ length: 37 }, (_, minor) => detailsText(violations({ level, minor }, pod)));
  return [...texts.entries()].filter(([minor, text]) => minor === 0 || text !== texts[minor - 1]);
}

/** What the real evaluator says of the pods of its own tests: conformance/upstream/pod-security writes the file. */
describe("every version of every level says what upstream's says", () => {
  test.each(answers.map((answer, i) => [i, answer.pod.metadata.name, answer] as const))(
    "pod %i: %s",
    (_, __, { pod, baseline, restricted }) => {
      expect(verdictsOf("baseline", pod)).toEqual(baseline);
      expect(verdictsOf("restricted", pod)).toEqual(restricted);
    },
  );
});

test("the newest version is that of upstream's last change", () => {
  const { pod, restricted } = answers.find((answer) => answer.restricted.length > 1)!;
  const newest = violations({ level: "restricted", minor: Infinity }, pod);
  expect(detailsText(newest)).toBe(restricted.at(-1)![1]);
});

const podType = loadTables().kind("", "v1", "Pod")!;

/** As a server reads it: a volume that says nothing is an empty directory. */
function readPod(file: string): CheckedPod {
  const pod = decodeStruct(podType, parseYaml(readFileSync(file)).value as JsonObject).value;
  defaultPod(pod as unknown as Pod, { gates: defaultFeatureGates() });
  return pod as unknown as CheckedPod;
}

const fixtures = fixturesFolder();

function fixturesFolder(): string | undefined {
  try {
    const cache = execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
    const folder = `${cache}/k8s.io/pod-security-admission@v0.36.3/test/testdata`;
    return existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

test.skipIf(fixtures === undefined)(
  "all 4,241 fixtures pass or fail as their folder says",
  { timeout: 120_000 },
  () => {
    const wrong: string[] = [];
    let count = 0;
    for (const level of ["baseline", "restricted"] as const) {
      for (const version of readdirSync(join(fixtures!, level))) {
        const minor = Number(version.slice("v1.".length));
        for (const verdict of ["pass", "fail"]) {
          const folder = join(fixtures!, level, version, verdict);
          for (const file of readdirSync(folder)) {
            count++;
            const pod = readPod(join(folder, file));
            const passes = violations({ level, minor }, pod).length === 0;
            if (passes !== (verdict === "pass")) wrong.push(join(folder, file));
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBe(4241);
  },
);
