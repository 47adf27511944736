import type { Random } from "../../api/clock.ts";
import { AllocationError, rangeFull } from "./allocation-error.ts";

export interface PortRange {
  first: number;
  /** Included. */
  last: number;
}

export const defaultNodePortRange: PortRange = { first: 30000, last: 32767 };

const taken = (): AllocationError => new AllocationError("provided port is already allocated");

/** Which node ports are taken. Source: pkg/registry/core/service/portallocator. */
export class NodePorts {
  readonly range: PortRange;
  readonly #taken = new Set<number>();

  constructor(range: PortRange) {
    this.range = range;
  }

  has(port: number): boolean {
    return this.#taken.has(port);
  }

  take(port: number): void {
    const { first, last } = this.range;
    if (port < first || port > last) {
      throw new AllocationError(
        `provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
      );
    }
    if (this.#taken.has(port)) throw taken();
    this.#taken.add(port);
  }

  /** Any free port; the lower part is left for those who choose one themselves, as long as there are others. */
  takeAny(random: Random): number {
    const { first, last } = this.range;
    const middle = first + staticPart(last - first + 1);
    const port = this.#anyIn(middle, last, random) ?? this.#anyIn(first, middle - 1, random);
    if (port === undefined) throw rangeFull();
    this.#taken.add(port);
    return port;
  }

  #anyIn(first: number, last: number, random: Random): number | undefined {
    const size = last - first + 1;
    if (size <= 0) return undefined;
    const start = Math.floor(random.next() * size);
    for (let i = 0; i < size; i++) {
      const port = first + ((start + i) % size);
      if (!this.#taken.has(port)) return port;
    }
    return undefined;
  }

  release(port: number): void {
    this.#taken.delete(port);
  }
}

/** calculateRangeOffset: a thirty-second part, but at least 16 and at most 128; none of a small range. */
function staticPart(size: number): number {
  return size <= 16 ? 0 : Math.min(Math.max(Math.floor(size / 32), 16), 128);
}

/** The ports that one write takes, so that they can be given back when it fails. */
export class PortOperation {
  readonly #ports: NodePorts;
  readonly #random: Random;
  readonly #dryRun: boolean;
  readonly #own: number[] = [];

  constructor(ports: NodePorts, random: Random, dryRun: boolean) {
    this.#ports = ports;
    this.#random = random;
    this.#dryRun = dryRun;
  }

  take(port: number): void {
    if (!this.#dryRun) this.#ports.take(port);
    else if (this.#ports.has(port) || this.#own.includes(port)) throw taken();
    this.#own.push(port);
  }

  /** In a dry run the numbers are made up: they follow the operation's others, or 32768. */
  takeAny(): number {
    const last = this.#own.length === 0 ? 32768 : Math.max(...this.#own);
    const port = this.#dryRun ? last + 1 : this.#ports.takeAny(this.#random);
    this.#own.push(port);
    return port;
  }

  undo(): void {
    if (this.#dryRun) return;
    for (const port of this.#own) this.#ports.release(port);
  }
}
