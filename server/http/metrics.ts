import type { Clock } from "../../api/clock.ts";
import type { RequestInfo } from "./request-info.ts";

/** Ends the observation of one request with the code of its answer. */
export type EndObservation = (code: number) => void;

/** Seconds; source: apiserver/pkg/endpoints/metrics. */
const durationBuckets = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];

/** What is counted of the requests that have the same labels. */
class Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Answers by their code. */
  readonly codes = new Map<number, number>();
  running = 0;
  /** Whether requests of this kind last as long as the client wants; they have no duration. */
  longRunning = false;
  count = 0;
  /** Seconds. */
  sum = 0;
  readonly buckets = durationBuckets.map(() => 0);

  constructor(labels: Readonly<Record<string, string>>) {
    this.labels = labels;
  }

  observe(seconds: number): void {
    this.count++;
    this.sum += seconds;
    const bucket = durationBuckets.findIndex((limit) => seconds <= limit);
    if (bucket >= 0) this.buckets[bucket]!++;
  }
}

/**
 * Counts requests as they happen, in plain numbers; their text is made when somebody asks for /metrics.
 * Names and labels are upstream's: https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
export class RequestMetrics {
  readonly #clock: Clock;
  readonly #isServed: (info: RequestInfo) => boolean;
  readonly #series = new Map<string, Series>();

  /** Requests for what is not served are not told, or else anybody could make as many series as they like. */
  constructor(clock: Clock, isServed: (info: RequestInfo) => boolean) {
    this.#clock = clock;
    this.#isServed = isServed;
  }

  begin(info: RequestInfo, longRunning: boolean): EndObservation {
    const start = this.#clock.monotonic();
    const series = this.#seriesOf(info);
    if (longRunning) {
      series.longRunning = true;
      series.running++;
    }
    return (code) => {
      series.codes.set(code, (series.codes.get(code) ?? 0) + 1);
      if (longRunning) series.running--;
      else series.observe((this.#clock.monotonic() - start) / 1000);
    };
  }

  #seriesOf(info: RequestInfo): Series {
    const { verb, group, version, resource, subresource, path } = info;
    const scope = scopeOf(info);
    const key = info.isResource
      ? `${verb} ${group}/${version}/${resource}/${subresource} ${scope}`
      : `${verb} ${path}`;
    let series = this.#series.get(key);
    if (!series) {
      series = new Series(requestLabels(info, scope));
      if (this.#isServed(info)) this.#series.set(key, series);
    }
    return series;
  }

  /** Prometheus text. */
  expose(): string {
    const all = [...this.#series.values()];
    return (
      exposeNumbers("apiserver_request_total", "counter", requestTotalHelp, all.flatMap(totals)) +
      exposeNumbers("apiserver_longrunning_requests", "gauge", longRunningHelp, all.flatMap(gauges)) +
      exposeHistogram("apiserver_request_duration_seconds", durationHelp, all)
    );
  }
}

export const metricsType = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

/** A line's labels and number. */
type Sample = readonly [labels: string, value: number];

function totals({ labels, codes }: Series): Sample[] {
  return [...codes].map(([code, count]) => [
    labelText({ ...labels, code: String(code), dry_run: "" }),
    count,
  ]);
}

function gauges({ labels, longRunning, running }: Series): Sample[] {
  return longRunning ? [[labelText(labels), running]] : [];
}

const requestTotalHelp =
  "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.";
const longRunningHelp =
  "[STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.";
const durationHelp =
  "[STABLE] Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.";

function requestLabels(info: RequestInfo, scope: string): Record<string, string> {
  const { group, version, resource, subresource } = info;
  return {
    verb: metricVerb(info.verb),
    group,
    version,
    resource,
    subresource: info.isResource ? subresource : info.path,
    scope,
    component: "apiserver",
  };
}

function metricVerb(verb: string): string {
  const names: Record<string, string> = { create: "POST", update: "PUT", watch: "WATCH" };
  return names[verb] ?? verb.toUpperCase();
}

function scopeOf({ isResource, name, namespace }: RequestInfo): string {
  if (!isResource) return "";
  if (name !== "") return "resource";
  return namespace === "" ? "cluster" : "namespace";
}

export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .sort()
    .map(
      (name) =>
        `${name}="${labels[name]!.replaceAll(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`))}"`,
    )
    .join(",");
}

export function exposeNumbers(name: string, type: string, help: string, samples: readonly Sample[]): string {
  let text = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  for (const [labels, value] of samples) text += `${name}{${labels}} ${value}\n`;
  return text;
}

function exposeHistogram(name: string, help: string, all: readonly Series[]): string {
  let text = `# HELP ${name} ${help}\n# TYPE ${name} histogram\n`;
  for (const { labels, buckets, count, sum } of all) {
    if (count === 0) continue;
    const shown = labelText({ ...labels, dry_run: "" });
    let below = 0;
    for (const [i, limit] of durationBuckets.entries()) {
      below += buckets[i]!;
      text += `${name}_bucket{${shown},le="${limit}"} ${below}\n`;
    }
    text += `${name}_bucket{${shown},le="+Inf"} ${count}\n${name}_sum{${shown}} ${sum}\n${name}_count{${shown}} ${count}\n`;
  }
  return text;
}
