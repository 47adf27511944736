import type { UserInfo } from "./user.ts";

/**
 * The users of a --token-auth-file: CSV of token, user name, uid and optionally a quoted list of groups.
 * Throws an Error that names the line. Source: authentication/token/tokenfile.
 */
export function parseTokenFile(text: string, path: string): Map<string, UserInfo> {
  const users = new Map<string, UserInfo>();
  for (const [index, record] of parseCsv(text).entries()) {
    if (record.length === 1 && record[0] === "") continue;
    const where = `token auth file ${JSON.stringify(path)}, record ${index + 1}`;
    if (record.length < 3) {
      throw new Error(
        `${where}: must have at least 3 columns (token, user name, user uid), found ${record.length}`,
      );
    }
    const [token = "", name = "", uid = "", groups] = record;
    if (token === "") continue;
    users.set(token, { name, uid, groups: groups?.split(",") ?? [] });
  }
  return users;
}

/** Records of a CSV text (RFC 4180). */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [whole, quoted, plain, end] = match;
    record.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      records.push(record);
      record = [];
    }
    if (end === "" || whole === "") break;
  }
  if (pattern.lastIndex !== 0 && pattern.lastIndex < text.length) {
    throw new Error(`malformed CSV at character ${pattern.lastIndex + 1}`);
  }
  return records;
}
