// Markup that escapes whatever is put into it, unless that is markup itself.

class Markup {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const literal = (value) => String(value).replace(/[&<>"']/g, (char) => ESCAPES[char]);

const place = (value) => {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(place).join('');
  return value === undefined || value === null || value === false ? '' : literal(value);
};

/** Data for a script to read: nothing in it can end the element it stands in. */
export const json = (value) => new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'));

export const html = (strings, ...values) => new Markup(strings.reduce((text, part, index) => text + place(values[index - 1]) + part));
