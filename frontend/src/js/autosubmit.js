/** A filter that changes asks for its page at once; without this script a button does it. */
import { whenReady } from "./ready.js";

whenReady((root) => {
  for (const form of root.querySelectorAll("form[data-autosubmit]")) {
    for (const field of form.querySelectorAll("select, [type=checkbox], [type=radio]")) {
      field.addEventListener("change", () => form.requestSubmit());
    }
  }
});
