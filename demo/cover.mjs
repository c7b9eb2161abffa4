// A record's sleeve as SVG, drawn from its data alone: the same record always looks the same, and no two look alike.

import { ofGenre } from './catalog.mjs';
import { rect } from './marks.mjs';
import { seeded } from './seeded.js';
import { compose } from './sleeves.mjs';

/** Per genre: ground, ink (readable on the ground) and three colours. */
// biome-ignore format: a table
const PALETTES = {
  jazz: ['f2ead8 14181f 1f5fa8 e0622d e3b23c', '12263f f4ecdb e8743b 5fa3d6 f0c24b', 'e9b44c 1c1a17 b3261e 20639b f6efe0', 'dfe6e2 101c1c 0f7173 e5582b 8fb8a8', 'f5efe6 1b1b1e d7263d 1b1b1e 9aa5b1'],
  classical: ['f6f2e9 2a2622 b08d3c 7d3b2e e5dbc4', 'eceff1 1e2a35 3d6b8c c0894a d3dde3', 'f4ebe6 33202a 8c3b52 c99a5b ead6cf', '24302b f0eadb c9a961 8fb09c 37473f', 'f3f1e4 20301f 5d7f4e b6862c e0e3cb'],
  rock: ['f4e3c1 2b1710 c8401f ea9b2c f7ce7a', 'f6e8d5 1c2430 2f6690 d9612c a9c4d4', 'f3dfd0 271420 8e2f4f dd7a3c f1b66a', 'ece7d6 16201a 3f7d4e d7a42f bcd08f', 'f7efe2 191919 d62f20 2e2e2e f0b429'],
  punk: ['f7ef3a 111111 ec1c7c ffffff ffffff', 'ff4f8b 111111 fdf250 ffd3e2 ffffff', 'f2f0eb 111111 e3191c c9c6bf ffffff', '3ddc84 111111 fff34a a5f2c6 ffffff', '2bb5e8 0d0d0d ff5a36 a6e0f7 ffffff', 'ff7a1a 111111 fdf6e3 ffb27a ffffff'],
  soul: ['f7e6cf 4a1f14 c4502a e89a3c 8c2f2b', '3b1420 f9e4cb d4573b f0a24e 8d2d4a', 'f3dcc6 2f2340 7a3b69 e07a5f f2b880', '1f2f3a f7e7ce d98841 c4533a 4d7a82', 'f9ead2 25351f 6a7f3a d98b2b b5482a'],
  funk: ['fbe7b2 3c1053 8e2de2 ff7a00 e0218a', 'f7d6e6 2d0a3d d81b72 ff9f1c 6a2fb5', 'e7f5d9 12361f 1f9d55 ffb703 e8543c', 'fff0cc 3a1206 e2481e f6a81c 178f8a', '2a0e45 ffe9b8 ff5d3a ffc229 c83ad6'],
  'hip-hop': ['131313 f5f1e8 f4b400 e4402f 2a2a2a', 'f1ece1 141414 e4402f 1f4fd8 d8d0bf', '20242b f2f4f3 38d39f f2a33a 343b45', 'c9302c fff4e3 ffd447 1a1a1a a02320', '10204a f7f3e8 ff8c1a 53b7ff 1d3267', 'f6c945 17130b 17130b d1352b dfae25'],
  electronic: ['0b0f1a e8f0ff 35d0ff ff3ea5 1b2340', 'eef0f2 101215 101215 ff4a1c c8ccd1', '141021 f3ecff a06bff 3dffc2 2a2145', 'dfff4f 101408 101408 4b5bff b7d62a', '06231f d9fff3 2fe0a8 f7e04b 0f3d36', 'f4e9ff 1f1147 5a2fe0 ff6b3d d9c7f7'],
  ambient: ['dfe7ea 22353f a9bfc9 6f8fa0 f8f1e4', 'f3e3dc 4a2f38 dba9a0 8d7391 fff3df', '1c2a3d dfe9f2 3e5b78 7f9bb0 f1dfc4', 'e4eadf 2c3a2b a9bd9f 6c8a78 fbf4da', '2b2038 eadff2 5e4a7a b28fb0 f3d9c6', 'efe9dd 3a352c cfc0a5 9b9384 ffffff'],
  folk: ['f3e9d2 35301f c8862f 7a8b4f b9b887', 'e8e4d4 2b3a33 b5532f 55786a a7bba6', 'f1dcc0 45281a b8562b 96703c d0a772', 'dfe5e3 243642 d08b3c 5d7f8c a9bcc0', 'f5ead8 3d2a35 a4485a 8a6d7c cdb0a8'],
  blues: ['0f1f3d e9eef7 f0c05a 3f6fb5 7fa0d6', '16222b f3ead7 e07b39 5e8ca8 90a9b5', '1d1a33 efe9ff d9a441 6b5fc0 9a92d6', '0c2b33 eaf6f4 f2a541 2f8f9d 85b8b9', '222022 f2ece4 5b8ed6 b3443a 9d968d'],
  reggae: ['f5e9c9 1d1a12 1e8449 f2b705 c0392b', '14301f f6ecd0 e8b30c c83a2a 3c9a5a', 'f8f0d8 241611 d98e04 1f7a4d b03a2e', 'fbe08a 1f1a0d c8321f 17703f e28a12', 'e9f0dc 12261a f2b705 c0392b 1e8449'],
  metal: ['0c0c0d e9e4d8 8f1d1d d8d0bf 6f6a60', '101214 dfe4e8 6b7a86 b9c4cc 3f4a54', '140d0d f0dcc0 c4541a 5b1a12 8a6a4a', '0d120e dfe8d8 4f7a4a b8c9a6 5d6b57', 'e6e1d6 141212 141212 9e1b1b 7d776b', '110f1a e3dff2 5a4a9c bdb3e6 6d668c'],
  latin: ['fff1d6 3b0f2b e8336d 0aa3a3 ffb000', 'fdf3e3 0e2a47 f25f29 1a9fb5 f7c331', 'ffe2c9 3d1212 d7263d f49d1d 1b8a6b', 'e4f4ec 11302b f2545b 13a67d ffc145', '3a0f3f ffe9c9 ff4f79 ffb938 14b8a6'],
  african: ['f8e8c8 26160d d9480f 1f7a5c f2a516', '1d1a16 f9ecd2 f08c00 c92a2a 2b8a6e', 'fbe9d0 1a2350 2b4acb e8590c f5b82e', 'f3e2c4 301014 a61e4d e67700 2f6f4f', '14322b f7ebd0 f2b134 d9480f 6fb58a'],
};

const FACES = {
  sans: { family: 'Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif', weight: 700, wide: 0.66, tight: -0.03 },
  heavy: { family: 'Arial Black, Helvetica Neue, Helvetica, Arial, sans-serif', weight: 900, wide: 0.79, tight: -0.03 },
  light: { family: 'Avenir Next, Segoe UI, Helvetica Neue, Arial, sans-serif', weight: 400, wide: 0.66, tight: 0.04, most: 40 },
  serif: { family: 'Iowan Old Style, Palatino Linotype, Palatino, Georgia, serif', weight: 700, wide: 0.68, tight: -0.01, most: 76 },
  slab: { family: 'Rockwell, Roboto Slab, Georgia, DejaVu Serif, serif', weight: 700, wide: 0.7, tight: 0 },
  mono: { family: 'SF Mono, Menlo, Consolas, DejaVu Sans Mono, monospace', weight: 700, wide: 0.61, tight: 0, most: 34 },
};

const literal = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

const wrap = (text, room) => {
  const lines = [];
  for (const word of text.split(' ')) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && longer.length <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

/** The largest size at which the lines fit the box; words are never broken. */
const fitted = (text, width, height, face) => {
  for (let size = face.most ?? 104; size > 13; size -= 1) {
    const room = Math.floor(width / (size * (face.wide + face.tight)));
    const lines = wrap(text, room);
    if (lines.length * size * 1.04 <= height && lines.every((row) => row.length <= room)) return { size, lines };
  }
  return { size: 13, lines: wrap(text, Math.floor(width / (13 * face.wide))) };
};

const words = (text, x, y, size, fill, anchor, face, more = '') =>
  `<text x="${x}" y="${Math.round(y)}" font-family="${face.family}" font-size="${size}" font-weight="${face.weight}" letter-spacing="${(size * face.tight).toFixed(2)}" text-anchor="${anchor}" fill="${fill}"${more}>${literal(text)}</text>`;

const setType = (record, sleeve, palette) => {
  const { box, tilt, boxed, italic } = sleeve;
  const face = FACES[sleeve.face];
  const ink = sleeve.ink ?? palette.i;
  const anchor = box.anchor ?? 'start';
  const x = { start: box.x, middle: box.x + box.w / 2, end: box.x + box.w }[anchor];
  const by = fitted(record.by, box.w - (box.aside ?? 0), 52, { ...face, weight: 500, most: 24, tight: 0.01 });
  const title = fitted(
    sleeve.upper ? record.title.toUpperCase() : record.title,
    box.w - (boxed ? 24 : 0),
    box.h - by.lines.length * by.size * 1.2 - 10,
    sleeve.upper ? { ...face, wide: face.wide * 1.1 } : face,
  );
  const high = title.lines.length * title.size * 1.04 + 10 + by.lines.length * by.size * 1.2;
  const top = box.at === 'end' ? box.y + box.h - high : box.y;
  const slant = italic ? ' font-style="italic"' : '';
  const base = (row) => top + title.size * 0.86 + row * title.size * 1.04;
  const plate = (row, index) => {
    if (!boxed) return '';
    const width = row.length * title.size * (face.wide + face.tight) + 16;
    return rect(x - 10, base(index) - title.size * 0.84, width, title.size * 1.02, boxed[index % 2]);
  };
  const rows = title.lines.map(
    (row, index) => plate(row, index) + words(row, x, base(index), title.size, boxed ? boxed[(index + 1) % 2] : ink, anchor, face, slant),
  );
  const from = top + title.lines.length * title.size * 1.04 + 10 + by.size * 0.9;
  const small = { ...face, weight: sleeve.face === 'light' ? 400 : 500, tight: 0.01 };
  const plateBy = boxed
    ? rect(
        x - 10,
        from - by.size * 1.06,
        Math.max(...by.lines.map((row) => row.length)) * by.size * face.wide * 0.9 + 24,
        by.lines.length * by.size * 1.2 + 8,
        boxed[1],
      )
    : '';
  const makers = by.lines.map((row, index) => words(row, x, from + index * by.size * 1.2, by.size, boxed ? boxed[0] : ink, anchor, small));
  const set = rows.join('') + plateBy + makers.join('');
  return tilt ? `<g transform="rotate(${tilt} 300 400)">${set}</g>` : set;
};

/** Neighbours in the rack never share a palette. */
const palette = (record) => {
  const list = PALETTES[record.genre] ?? PALETTES.jazz;
  const [g, i, a, b, c] = list[ofGenre(record.genre).indexOf(record) % list.length].split(' ').map((hex) => `#${hex}`);
  return { g, i, a, b, c };
};

export const cover = (record) => {
  const random = seeded(`${record.id} ${record.year}`);
  const p = palette(record);
  const sleeve = compose(record.genre, { id: record.id, random, p, moods: record.moods, instruments: record.instruments });
  const label = literal(`${record.title}, ${record.by}, ${record.year}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" role="img"><title>${label}</title>${sleeve.art}${setType(record, sleeve, p)}</svg>`;
};
