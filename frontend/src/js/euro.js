/** An amount in whole cents as people write it in the page's language, with a true minus sign. */
export const euro = (cents) =>
  new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR", useGrouping: "always" })
    .format(cents / 100)
    .replace("-", "−");
