// What is queued, as the server is told it, and as a file that the office reads in where a device cannot send any more.

// Who is in by the roster was known to be in: that this desk was offline makes no double entry of it.
const knew = (entry) => entry.verdict === "already_in" && entry.first && !entry.first.isHere;

export function toldOf(entry, isOffline) {
  const at = entry.server_at ? { server_at: new Date(entry.server_at).toISOString() } : {};
  return { ...entry.told, ...at, offline: isOffline && !knew(entry), rehearsal: entry.rehearsal };
}

// Each row says whose it is: a device may have been two desks since.
export function saveFile(entries, slug, nameOf) {
  const rows = entries.map((entry) => ({
    ...toldOf(entry, true),
    kind: entry.kind,
    seminar: slug,
    desk_id: entry.desk?.id ?? null,
    desk: entry.desk?.name ?? "",
    ...(entry.kind === "walk-in" ? {} : { name: nameOf(entry) }),
    verdict: entry.verdict,
  }));
  const file = new Blob([JSON.stringify(rows, null, 1)], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `hang-cho-${new Date().toISOString().slice(0, 16).replace(/\D/g, "")}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
