import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateServiceCidr, validateServiceCidrUpdate } from "./service-cidr.ts";

type ServiceCIDR = ObjectOf<"io.k8s.api.networking.v1.ServiceCIDR">;

const valid = {
  metadata: { name: "sc", resourceVersion: "1" },
  spec: { cidrs: ["10.99.0.0/16", "fd00:1::/64"] },
  status: {},
} as unknown as ServiceCIDR;

// The answers of kube-apiserver 1.36.3.
describe("ServiceCIDR", () => {
  it("takes what upstream takes: sc", () => {
    expect(validateServiceCidr(valid)).toEqual([]);
  });

  it.each<Corruption>([
    ["/spec", undefined, ["spec.cidrs: Required value: at least one CIDR required"]],
    [
      "/spec/cidrs",
      ["10.99.0.0/16", "10.99.0.0/16"],
      [
        'spec.cidrs: Invalid value: ["10.99.0.0/16","10.99.0.0/16"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
      ],
    ],
    [
      "/spec/cidrs/0",
      "",
      ['spec.cidrs[0]: Invalid value: "": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
    ],
    [
      "/spec/cidrs/0",
      "10.0.0.5/8",
      ['spec.cidrs[0]: Invalid value: "10.0.0.5/8": must not have bits set beyond the prefix length'],
    ],
    [
      "/spec/cidrs/1",
      "10.0.0.5/8",
      [
        'spec.cidrs[1]: Invalid value: "10.0.0.5/8": must not have bits set beyond the prefix length',
        'spec.cidrs: Invalid value: ["10.99.0.0/16","10.0.0.5/8"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateServiceCidr(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    ["/spec", undefined, ["spec.cidrs: Invalid value: null: field is immutable"]],
    [
      "/spec/cidrs",
      ["10.99.0.0/16", "10.99.0.0/16"],
      ['spec.cidrs[1]: Invalid value: "10.99.0.0/16": field is immutable'],
    ],
    ["/spec/cidrs/0", undefined, ['spec.cidrs: Invalid value: ["fd00:1::/64"]: field is immutable']],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateServiceCidrUpdate(corrupted(valid, pointer, value), valid));
    expect(problemsOfChange).toEqual(expected);
  });
});
