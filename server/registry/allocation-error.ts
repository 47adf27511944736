/** An address or port that cannot be had; the message is the allocator's of upstream. */
export class AllocationError extends Error {
  override readonly name = "AllocationError";
  /** Nothing is left at all, as opposed to: not this one. */
  readonly full: boolean;

  constructor(message: string, full = false) {
    super(message);
    this.full = full;
  }
}

export const rangeFull = (): AllocationError => new AllocationError("range is full", true);
