/** A user as Go prints it with %v (&user.DefaultInfo): &{name uid [groups] map[key:[values]]}. */
export function goUserText(user: {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra?: Readonly<Record<string, readonly string[]>>;
}): string {
  const { name, uid = "", groups, extra = {} } = user;
  const entries = Object.keys(extra)
    .sort()
    .map((key) => `${key}:[${(extra[key] ?? []).join(" ")}]`);
  return `&{${name} ${uid} [${groups.join(" ")}] map[${entries.join(" ")}]}`;
}
