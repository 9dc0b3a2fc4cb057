/** A small drawer of the browser's own database: keys and whatever can be cloned. */
export function openStore(database, drawer) {
  const opened = new Promise((resolve, reject) => {
    if (!globalThis.indexedDB) return;
    const asked = indexedDB.open(database, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(drawer);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const run = async (mode, work) => {
    const transaction = (await opened).transaction(drawer, mode);
    const asked = work(transaction.objectStore(drawer));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };
  return {
    get: (key) => run("readonly", (rows) => rows.get(key)),
    put: (key, value) => run("readwrite", (rows) => rows.put(value, key)),
    remove: (key) => run("readwrite", (rows) => rows.delete(key)),
  };
}
