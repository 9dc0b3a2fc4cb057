/** Who wants to know hears it, without the modules knowing each other. */
const bus = new EventTarget();

export const emit = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));
export const on = (name, hear) => bus.addEventListener(name, ({ detail }) => hear(detail));
