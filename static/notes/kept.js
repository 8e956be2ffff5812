// What this device keeps of notes: `drafts` as typed, `queue` as saved. A promise is kept when its transaction is.
export const NAMES = ["revision", "item", "kind", "speaker", "topic", "spoken", "reply_to", "text"];

export const sameWords = (some, others) => NAMES.every((name) => name === "revision" || some[name] === others[name]);

export class Kept {
  async #database() {
    this.opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("notes", 1);
      request.onupgradeneeded = () => ["drafts", "queue"].forEach((name) => request.result.createObjectStore(name, { keyPath: "id" }));
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        request.result.onclose = () => (this.opening = null);
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    this.opening.catch(() => (this.opening = null));
    return this.opening;
  }

  async #run(name, mode, work, durability = "relaxed") {
    const database = await this.#database();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode, { durability });
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  put(name, value) {
    return this.#run(name, "readwrite", (store) => store.put(value), name === "queue" ? "strict" : "relaxed");
  }

  remove(name, id) {
    return this.#run(name, "readwrite", (store) => store.delete(id));
  }

  // The draft goes, unless other words were typed into it since.
  removeSaved(id, fields) {
    return this.#run("drafts", "readwrite", (store) => {
      const request = store.get(id);
      request.onsuccess = () => request.result && sameWords(request.result.fields, fields) && store.delete(id);
      return request;
    });
  }

  async all(name, place) {
    const found = await this.#run(name, "readonly", (store) => store.getAll());
    return found.filter((one) => one.place === place).sort((one, other) => one.at - other.at);
  }
}
