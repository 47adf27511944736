/** What is found under a key after a kill. */
export interface Found {
  /** The number in its value; undefined: the value is torn. */
  number: number | undefined;
  revision: number;
}

/** What has been told about one key. */
interface KeyRecord {
  /** The last acknowledged write; number undefined: it was a deletion. */
  acknowledged?: { number: number | undefined; revision: number };
  /** A write that was asked for and not acknowledged: it may have happened or not. Number undefined: a deletion. */
  open?: { number: number | undefined };
}

export type Action = "create" | "update" | "delete";

/** Keeps account of writes, to compare with what a kill has left. */
export class Ledger {
  readonly #keys = new Map<string, KeyRecord>();
  /** Acknowledged revisions since the last settlement, as "action key". */
  readonly events = new Map<number, string>();
  /** The highest revision that anybody was told. */
  highest = 1;
  /** The next number that no write has carried. */
  next = 0;
  acknowledgements = 0;

  asked(key: string, action: Action, number: number): void {
    const record = this.#keys.get(key) ?? {};
    this.#keys.set(key, record);
    record.open = { number: action === "delete" ? undefined : number };
    this.next = Math.max(this.next, number + 1);
  }

  /** revision 0: it was not told. */
  acknowledged(key: string, action: Action, number: number, revision: number): void {
    this.acknowledgements++;
    this.told(revision);
    if (revision > 0) this.events.set(revision, `${action} ${key}`);
    this.#keys.set(key, { acknowledged: { number: action === "delete" ? undefined : number, revision } });
  }

  told(revision: number): void {
    this.highest = Math.max(this.highest, revision);
  }

  /** What is wrong with what was found. */
  compare(found: ReadonlyMap<string, Found>, revision: number): string[] {
    const problems: string[] = [];
    if (revision < this.highest) {
      problems.push(`revision ${revision} is lower than ${this.highest}, which was told`);
    }
    for (const [key, entry] of found) {
      if (entry.number === undefined) problems.push(`${key}: its value is torn`);
      if (!this.#keys.has(key)) problems.push(`${key}: was never written`);
      if (entry.revision > revision) problems.push(`${key}: is newer than the store`);
    }
    for (const [key, record] of this.#keys) {
      const problem = compareKey(record, found.get(key));
      if (problem !== undefined) problems.push(`${key}: ${problem}`);
    }
    return problems;
  }

  /** From here on, what was found is what counts. */
  settle(found: ReadonlyMap<string, Found>, revision: number): void {
    for (const key of this.#keys.keys()) this.#keys.set(key, {});
    for (const [key, entry] of found) this.#keys.set(key, { acknowledged: entry });
    this.highest = revision;
    this.events.clear();
  }
}

function compareKey({ acknowledged, open }: KeyRecord, entry: Found | undefined): string | undefined {
  const number = entry?.number;
  const asAcknowledged =
    number === acknowledged?.number && (!entry || entry.revision === acknowledged?.revision);
  const asAsked = open !== undefined && number === open.number;
  if (entry && acknowledged && entry.revision < acknowledged.revision) return "is older than acknowledged";
  if (asAcknowledged || asAsked) return undefined;
  const asked = open === undefined ? "" : `, asked for ${open.number}`;
  return `holds ${number} at ${entry?.revision}, acknowledged ${acknowledged?.number}${asked}`;
}
