// What the device keeps, in IndexedDB: the roster, and the log of its scans. An entry of the log is `pending` until the
// server answered it (the outbox), then `known` and kept 24 h, or `refused` until somebody wrote it down by hand.
// Presence of the moment follows from roster and log (deciding.js), so one transaction holds both.

const HANGS_MS = 5000;
export const KEPT_MS = 24 * 3600 * 1000;

const inOrder = (one, other) => one.position - other.position;

export class Store {
  constructor(slug) {
    this.name = `desk-${slug}`;
    this.opening = null;
  }

  database() {
    this.opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("log", { keyPath: "id" });
        request.result.createObjectStore("kept");
      };
      request.onsuccess = () => {
        request.result.onclose = () => (this.opening = null);
        request.result.onversionchange = () => {
          request.result.close();
          this.opening = null;
        };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    this.opening.catch(() => (this.opening = null));
    return this.opening;
  }

  // Does `work` in one transaction that is on the disk when the promise resolves; rejects where nothing was kept.
  async #run(names, mode, work) {
    const database = await this.database();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(names, mode, { durability: "strict" });
      const timer = setTimeout(() => reject(new Error("the disk does not answer")), HANGS_MS);
      let failure = null;
      let found;
      const end = (settle, value) => {
        clearTimeout(timer);
        settle(value);
      };
      transaction.oncomplete = () => end(resolve, found);
      transaction.onabort = () => end(reject, failure ?? transaction.error ?? new Error("aborted"));
      const guarded = (step) => (event) => {
        try {
          step(event);
        } catch (error) {
          failure = error;
          transaction.abort();
        }
      };
      guarded(() => work(transaction, (value) => (found = value), guarded))();
    });
  }

  // All entries in the order they were made.
  entries() {
    return this.#run(["log"], "readonly", (transaction, give, guarded) => {
      const request = transaction.objectStore("log").getAll();
      request.onsuccess = guarded(() => give(request.result.sort(inOrder)));
    });
  }

  // `work(entries)` gives the entries to put, new ones without a position; resolves with all entries afterwards.
  change(work) {
    return this.#run(["log"], "readwrite", (transaction, give, guarded) => {
      const log = transaction.objectStore("log");
      const request = log.getAll();
      request.onsuccess = guarded(() => {
        const entries = request.result.sort(inOrder);
        const known = new Map(entries.map((entry) => [entry.id, entry]));
        let last = entries.at(-1)?.position ?? 0;
        for (const entry of work(entries)) {
          entry.position ??= ++last;
          known.set(entry.id, entry);
          log.put(entry);
        }
        give([...known.values()].sort(inOrder));
      });
    });
  }

  // Forgets what was acknowledged more than a day ago; resolves with all entries left.
  prune(now) {
    return this.#run(["log"], "readwrite", (transaction, give, guarded) => {
      const log = transaction.objectStore("log");
      const request = log.getAll();
      request.onsuccess = guarded(() => {
        const isOld = (entry) => entry.state === "known" && now - entry.known_at > KEPT_MS;
        for (const entry of request.result.filter(isOld)) log.delete(entry.id);
        give(request.result.filter((entry) => !isOld(entry)).sort(inOrder));
      });
    });
  }

  kept(name) {
    return this.#run(["kept"], "readonly", (transaction, give, guarded) => {
      const request = transaction.objectStore("kept").get(name);
      request.onsuccess = guarded(() => give(request.result));
    });
  }

  keep(name, value) {
    return this.#run(["kept"], "readwrite", (transaction) => transaction.objectStore("kept").put(value, name));
  }

  forget(name) {
    return this.#run(["kept"], "readwrite", (transaction) => transaction.objectStore("kept").delete(name));
  }
}
