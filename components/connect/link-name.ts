/** What a vless link calls itself, or the address it leads to. */
export function linkName(link: string): string {
  const url = new URL(link);
  const remark = decodeURIComponent(url.hash.slice(1));
  return remark === "" ? url.host : remark;
}
