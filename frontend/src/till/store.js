/**
 * What this device keeps by itself.
 *
 * `facts`: the till's last state as the server told it. `queue`: sales whose answer has not come,
 * by key. `day`: the sales of this device since the last closing, without names. `operators`: what
 * an operator's code is checked against without network.
 */
import { openDatabase } from "../js/store.js";

const { change, read } = openDatabase("reciproca-till", [
  (db) => {
    db.createObjectStore("facts");
    db.createObjectStore("queue", { keyPath: "key" });
    db.createObjectStore("day", { keyPath: "key" });
    db.createObjectStore("operators", { keyPath: "id" });
  },
]);

export { change, read };
