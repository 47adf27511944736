import type { Clock } from "../../../api/clock.ts";
import { LruMap } from "../../../api/lru-map.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { StatusError } from "../../../api/status.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import type { EventLimit, LimitType } from "../event-rate-limit/configuration.ts";
import { TokenBucket } from "../event-rate-limit/token-bucket.ts";

type Event = ObjectOf<"io.k8s.api.core.v1.Event">;

/** What events have in common that count together. */
const keys: Readonly<Record<LimitType, (attributes: AdmissionAttributes) => string>> = {
  Server: () => "",
  Namespace: ({ namespace }) => namespace,
  User: ({ user }) => user.name,
  SourceAndObject: (attributes) => {
    const { source, involvedObject: about } = objectOf<Event>(attributes);
    const parts = [about.kind, about.namespace, about.name, about.uid, about.apiVersion];
    return [source?.component, source?.host, ...parts].join("");
  },
};

/** Takes only so many events. Source: plugin/pkg/admission/eventratelimit. */
export function eventRateLimit(limits: readonly EventLimit[], clock: Clock): AdmissionPlugin {
  const enforcers = limits.map((limit) => new Enforcer(limit, clock));
  const validate = (attributes: AdmissionAttributes): void => {
    if (attributes.dryRun) return;
    const problems = [...new Set(enforcers.flatMap((enforcer) => enforcer.problem(attributes) ?? []))];
    if (problems.length === 0) return;
    const text = problems.length === 1 ? problems[0]! : `[${problems.join(", ")}]`;
    throw new StatusError(429, "TooManyRequests", `Too many requests: ${text}`);
  };
  return {
    name: "EventRateLimit",
    rules: [{ operations: ["CREATE", "UPDATE"], resources: ["events"], validate }],
  };
}

class Enforcer {
  readonly #limit: EventLimit;
  readonly #clock: Clock;
  readonly #buckets: LruMap<string, TokenBucket>;

  constructor(limit: EventLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#buckets = new LruMap(limit.cacheSize);
  }

  problem(attributes: AdmissionAttributes): string | undefined {
    const { type } = this.#limit;
    const key = keys[type](attributes);
    if (this.#bucket(key).take(this.#clock.monotonic())) return undefined;
    return `limit reached on type ${type} for key ${key}`;
  }

  #bucket(key: string): TokenBucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    const { qps, burst } = this.#limit;
    const bucket = new TokenBucket(qps, burst, this.#clock.monotonic());
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
