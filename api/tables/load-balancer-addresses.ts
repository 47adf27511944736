/** The addresses of a load balancer, sorted and without repetitions: loadBalancerStatusStringer. */
export function loadBalancerAddresses(
  ingress: readonly { ip?: string; hostname?: string }[] | undefined,
): string[] {
  const addresses = (ingress ?? []).map(({ ip, hostname }) => ip || hostname || "");
  return [...new Set(addresses)].filter((address) => address !== "").sort();
}
