import type { ResourceList } from "../../../api/core-types.ts";
import type { Amounts } from "../../../api/pod-resources.ts";
import { Quantity } from "../../../api/quantity.ts";

/** What a limit range says of objects of one type. */
interface Limit {
  type: string;
  min?: ResourceList;
  max?: ResourceList;
  maxLimitRequestRatio?: ResourceList;
}

/** One resource of an object beside what its limit enforces. */
interface Usage {
  subject: string;
  resource: string;
  enforced: Quantity;
  request: Quantity | undefined;
  limit: Quantity | undefined;
}

type Problem = (usage: Usage) => string | undefined;

/**
 * Where requests and limits are outside of a limit, in upstream's words; without limits only requests are held to the
 * maximum. Source: minConstraint, maxConstraint, limitRequestRatioConstraint of plugin/pkg/admission/limitranger.
 */
export function limitProblems(limit: Limit, requests: Amounts, limits?: Amounts): string[] {
  const check = (list: ResourceList | undefined, problemOf: Problem): string[] =>
    Object.keys(list ?? {})
      .sort()
      .flatMap((resource) => {
        const enforced = Quantity.parse(list![resource]!);
        const usage = { request: requests.get(resource), limit: limits?.get(resource) };
        return problemOf({ subject: limit.type, resource, enforced, ...usage }) ?? [];
      });
  return [
    ...check(limit.min, belowMinimum),
    ...check(limit.max, limits ? aboveMaximum : requestAboveMaximum),
    ...check(limit.maxLimitRequestRatio, aboveRatio),
  ];
}

const belowMinimum: Problem = ({ subject, resource, enforced, request, limit }) => {
  const rule = `minimum ${resource} usage per ${subject} is ${enforced}`;
  const values = comparable(request, limit, enforced);
  if (!request) return `${rule}.  No request is specified`;
  if (values.request < values.enforced) return `${rule}, but request is ${request}`;
  return limit && values.limit < values.enforced ? `${rule}, but limit is ${limit}` : undefined;
};

const aboveMaximum: Problem = ({ subject, resource, enforced, request, limit }) => {
  const rule = `maximum ${resource} usage per ${subject} is ${enforced}`;
  const values = comparable(request, limit, enforced);
  if (!limit) return `${rule}.  No limit is specified`;
  if (values.limit > values.enforced) return `${rule}, but limit is ${limit}`;
  return request && values.request > values.enforced ? `${rule}, but request is ${request}` : undefined;
};

const requestAboveMaximum: Problem = ({ subject, resource, enforced, request }) => {
  const rule = `maximum ${resource} usage per ${subject} is ${enforced}`;
  const values = comparable(request, undefined, enforced);
  if (!request) return `${rule}.  No request is specified`;
  return values.request > values.enforced ? `${rule}, but request is ${request}` : undefined;
};

const aboveRatio: Problem = ({ subject, resource, enforced, request, limit }) => {
  const rule = `${resource} max limit to request ratio per ${subject} is ${enforced}`;
  const values = comparable(request, limit, enforced);
  if (values.request === 0n) return `${rule}, but no request is specified or request is 0`;
  if (values.limit === 0n) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = Number(values.limit) / Number(values.request);
  const isPrecise = enforced.value() <= maxMilliValue;
  const exceeds = isPrecise ? ratio * 1000 > Number(enforced.milliValue()) : ratio > Number(enforced.value());
  return exceeds ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
};

/** Integers of which a thousandfold is an int64 too. */
const maxMilliValue = (2n ** 63n - 1n) / 1000n;

/** In thousandths where all three can be told so. Source: requestLimitEnforcedValues. */
function comparable(request = Quantity.zero, limit = Quantity.zero, enforced: Quantity) {
  const all = [request, limit, enforced];
  const isPrecise = all.every((one) => one.value() <= maxMilliValue);
  const [r = 0n, l = 0n, e = 0n] = all.map((one) => (isPrecise ? one.milliValue() : one.value()));
  return { request: r, limit: l, enforced: e };
}
