/** What a card says: 13 digits, or 21 from a phone that adds its code. */
const NUMBER = 13;
const WITH_CODE = 21;

/** Whether the digits are a card's: the length, and the check digit of its EAN-13. */
export function isCard(digits) {
  if (digits.length !== NUMBER && digits.length !== WITH_CODE) return false;
  const sum = [...digits.slice(0, NUMBER)].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

export const numberOf = (digits) => digits.slice(0, NUMBER);
export const cleaned = (text) => text.replace(/[\s-]+/g, "");
export const masked = (number) => `•••• ${number.slice(-4)}`;

/** What a PIN and an operator's code are made of. */
export const FIVE_DIGITS = /^\d{5}$/;
