interface Named {
  namespace?: string;
  name?: string;
}

/** "namespace/name", or the name of what is in no namespace. */
export function objectKey({ namespace = "", name = "" }: Named): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}
