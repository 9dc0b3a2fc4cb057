/** The browser's own database: what a page keeps for when there is no network. */
const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const drawerOf = (store) => ({
  get: (key) => promised(store.get(key)),
  all: () => promised(store.getAll()),
  count: () => promised(store.count()),
  put: (row, key) => promised(key === undefined ? store.put(row) : store.put(row, key)),
  drop: (key) => promised(store.delete(key)),
});

/**
 * Open a database when it is first asked for. Step n of `steps` brings version n to n + 1; one that
 * was released is never changed, and none throws away what people entered.
 */
export function openDatabase(name, steps) {
  let opened;

  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, steps.length);
      request.onupgradeneeded = ({ oldVersion }) => {
        for (const step of steps.slice(oldVersion)) step(request.result);
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const db = request.result;
        // Another tab runs a newer application: let it through, and open again when next asked.
        db.onversionchange = () => {
          db.close();
          opened = undefined;
        };
        db.onclose = () => (opened = undefined);
        resolve(db);
      };
    });
    opened.catch(() => (opened = undefined));
    return opened;
  }

  return {
    /**
     * Write or delete in several drawers at once: all of it or nothing, and on the disk before it is
     * answered. `work` gets a function, drawers("queue").put(row) and the like; its result is returned.
     */
    async change(names, work) {
      const transaction = (await open()).transaction(names, "readwrite", { durability: "strict" });
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
      const result = await work((drawer) => drawerOf(transaction.objectStore(drawer)));
      await ended;
      return result;
    },

    /** Read from one drawer: read("queue").all() and the like. */
    read: (name) =>
      Object.fromEntries(
        ["get", "all", "count"].map((question) => [
          question,
          async (key) => drawerOf((await open()).transaction(name).objectStore(name))[question](key),
        ]),
      ),
  };
}

/** One drawer of keys and whatever can be cloned. */
export function openStore(database, drawer) {
  const { change, read } = openDatabase(database, [(db) => db.createObjectStore(drawer)]);
  return {
    get: (key) => read(drawer).get(key),
    put: (key, value) => change([drawer], (drawers) => drawers(drawer).put(value, key)),
    remove: (key) => change([drawer], (drawers) => drawers(drawer).drop(key)),
  };
}
