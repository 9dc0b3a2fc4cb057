/** The sale being entered: who buys, the lines, how much credit is used. Only arithmetic here. */

/** `buyer` is null until a card was read or nobody chosen; `credit` is "none", "all" or cents. */
export const fresh = () => ({ buyer: null, lines: [], entry_cents: 0, credit: "none", spendable_cents: null, quote: null });

export const totalOf = ({ lines, entry_cents }) =>
  lines.reduce((sum, line) => sum + line.amount_cents, entry_cents);

/** The lines to record: those entered with a category, and what is keyed in besides. */
export const linesOf = ({ lines, entry_cents }) =>
  entry_cents ? [...lines, { category: "", amount_cents: entry_cents }] : lines;

/** How much can be spent in this sale: what the server said, and never more than the sale. */
export const mostCredit = (draft) => Math.min(draft.spendable_cents ?? 0, totalOf(draft));

export function creditOf(draft) {
  if (draft.credit === "none" || !draft.buyer?.may_spend) return 0;
  return draft.credit === "all" ? mostCredit(draft) : Math.min(draft.credit, mostCredit(draft));
}

/** Two round amounts below the most that can be spent, for those who do not want to use it all. */
export function suggested(most_cents) {
  const round = [100, 200, 500, 1000, 2000, 5000, 10000].filter((cents) => cents < most_cents);
  return round.slice(-2);
}
