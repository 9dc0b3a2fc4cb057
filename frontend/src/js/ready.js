/** Call `work(root)` for the page as it is now and for every part that htmx puts in later. */
export function whenReady(work) {
  work(document);
  document.addEventListener("htmx:load", ({ target }) => {
    if (target !== document.body) work(target.parentElement ?? target);
  });
}
