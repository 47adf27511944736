import {
  type Draft,
  draftOf,
  type Endpoint,
  EndpointSet,
  type EndpointSlice,
  endpointsOf,
  isSameBeyondKey,
} from "./slices.ts";

export interface Changes {
  create: Draft[];
  update: Draft[];
  remove: EndpointSlice[];
}

export interface Filling {
  /** Slices with the ports of the wanted endpoints. */
  readonly existing: readonly EndpointSlice[];
  readonly wanted: readonly Endpoint[];
  /** Most endpoints of one slice. */
  readonly most: number;
  newDraft(): Draft;
  /** The slice's labels as they should be, where they are not. */
  changedLabels(slice: EndpointSlice): Record<string, string> | undefined;
}

/**
 * Brings endpoints into slices with few writes: what is there stays in its place, slices that change anyway are filled
 * first, then one that has room for the rest, then new ones. Source: reconcileByPortMapping.
 */
export function fillSlices({ existing, wanted, most, newDraft, changedLabels }: Filling): Changes {
  const left = new EndpointSet();
  for (const endpoint of wanted) left.add(endpoint);
  const changes: Changes = { create: [], update: [], remove: [] };
  const unchanged = new Set<EndpointSlice>();

  for (const slice of existing) {
    const present = endpointsOf(slice);
    const kept = present.flatMap((endpoint) => {
      const next = left.take(endpoint);
      return next ? [{ next, isSame: isSameBeyondKey(next, endpoint) }] : [];
    });
    const hasOther = kept.length !== present.length || kept.some(({ isSame }) => !isSame);
    const labels = changedLabels(slice);
    if (hasOther && kept.length === 0) changes.remove.push(slice);
    else if (hasOther || labels) {
      const draft = draftOf(slice);
      if (labels) draft.metadata = { ...draft.metadata, labels };
      if (hasOther) draft.endpoints = kept.map(({ next }) => next);
      changes.update.push(draft);
    } else unchanged.add(slice);
  }

  const fill = (draft: Draft) => draft.endpoints.push(...left.takeSome(most - draft.endpoints.length));
  for (const draft of changes.update.toSorted((a, b) => b.endpoints.length - a.endpoints.length)) fill(draft);

  while (left.size > 0) {
    const fullest = left.size < most ? sliceToFill(unchanged, left.size, most) : undefined;
    const draft = fullest ? draftOf(fullest) : newDraft();
    fill(draft);
    if (fullest) {
      unchanged.delete(fullest);
      changes.update.push(draft);
    } else changes.create.push(draft);
  }
  return changes;
}

/** The one that is fullest with so many more. */
function sliceToFill(
  slices: Iterable<EndpointSlice>,
  count: number,
  most: number,
): EndpointSlice | undefined {
  let closest: EndpointSlice | undefined;
  let leastRoom = most;
  for (const slice of slices) {
    const room = most - (count + endpointsOf(slice).length);
    if (room < 0 || room >= leastRoom) continue;
    leastRoom = room;
    closest = slice;
  }
  return closest;
}

/** What would be removed becomes what would be created, where it may: it keeps its name. Source: finalize. */
export function reuseSlices(
  changes: Changes,
  mayReuse: (slice: EndpointSlice, draft: Draft) => boolean,
): Changes {
  const create = [...changes.create];
  const update = [...changes.update];
  const remove = changes.remove.filter((slice) => {
    const index = create.findLastIndex((draft) => mayReuse(slice, draft));
    const [draft] = index < 0 ? [] : create.splice(index, 1);
    if (!draft) return true;
    const { name } = slice.metadata;
    update.push({ ...draft, metadata: { ...draft.metadata, name } });
    return false;
  });
  return { create, update, remove };
}
