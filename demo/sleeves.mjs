// How each genre composes a sleeve of 600 by 600: art, where the type goes and how it is set.

import { disc, line, mark, path, points, polar, poly, rect, ring, round, texture, times } from './marks.mjs';

const whole = (random, from, to) => from + Math.floor(random() * (to - from + 1));
const one = (random, list) => list[Math.floor(random() * list.length)];
const wave = (y, height, length, shift) => times(31, (n) => [n * 20, y + Math.sin((n * 20) / length + shift) * height]);
const ground = ({ g }) => rect(0, 0, 600, 600, g);
const below = { x: 36, y: 392, w: 528, h: 172, at: 'end' };
const above = { x: 36, y: 36, w: 528, h: 172, at: 'start' };

const jazz = ({ random, p, moods, instruments }) => {
  const up = random() < 0.5;
  const count = whole(random, 4, 7);
  const step = 600 / count;
  const free = whole(random, 0, count - 1);
  const bars = times(count, (n) => {
    const high = n === free ? 60 + random() * 40 : 130 + random() * 220;
    const wide = step * (0.5 + random() * 0.5);
    return rect(n * step, up ? 0 : 600 - high, wide, high, one(random, [p.a, p.b, p.c, p.i]));
  });
  const x = Math.min(Math.max((free + 0.4) * step, 90), 510);
  const art = bars.join('') + mark(moods[0])(x, up ? 255 : 345, 76, p.i, p.g);
  const strip = texture(instruments[0])(36, up ? 560 : 36, 528, 16, p.i);
  return { art: art + strip, box: up ? { ...below, h: 152 } : { ...above, y: 66 }, face: 'sans' };
};

const classical = ({ random, p, moods, instruments }) => {
  const [high, length, shift] = [20 + random() * 50, 70 + random() * 90, random() * 6];
  const staves = times(5, (n) => line(wave(330 + n * 26, high, length, shift + n * 0.06), p.i, 1.6)).join('');
  const notes = times(whole(random, 6, 11), () => {
    const x = 50 + random() * 500;
    const y = 330 + whole(random, 0, 8) * 13 + Math.sin(x / length + shift) * high;
    return disc(x, y, 8 + random() * 9, one(random, [p.a, p.b, p.i]));
  }).join('');
  const behind = mark(moods[0])(whole(random, 180, 420), 390, whole(random, 110, 165), p.c, p.g);
  const strip = texture(instruments[0])(250, 552, 100, 20, p.a);
  return { art: behind + staves + notes + strip, box: { x: 50, y: 52, w: 500, h: 170, at: 'start', anchor: 'middle' }, face: 'serif' };
};

const rock = ({ random, p, moods, instruments }) => {
  const [x, y, rays] = [whole(random, 170, 430), whole(random, 170, 250), whole(random, 9, 20)];
  const turn = random();
  const beams = times(rays, (n) =>
    poly([[x, y], polar(x, y, 900, turn + n / rays), polar(x, y, 900, turn + (n + 0.5) / rays)], n % 3 ? p.a : p.b),
  ).join('');
  const size = whole(random, 92, 128);
  const sun = disc(x, y, size, p.i) + mark(moods[0])(x, y, size * 0.62, p.g, p.i);
  const band = rect(0, 400, 600, 200, p.i) + texture(instruments[0])(0, 386, 600, 28, p.c);
  return { art: beams + sun + band, box: { ...below, y: 424, h: 144 }, face: 'heavy', ink: p.g };
};

const punk = ({ random, p, moods }) => {
  const [cx, cy] = [random() * 600, random() * 600];
  const dots = times(400, (n) => {
    const [x, y] = [(n % 20) * 30 + 15, Math.floor(n / 20) * 30 + 15];
    return disc(x, y, Math.max(1.5, 17 - Math.hypot(x - cx, y - cy) / 30), p.b);
  }).join('');
  const torn = times(2, (n) => {
    const y = 60 + n * 330 + random() * 60;
    const edge = (base) => times(13, (k) => [k * 50, base + random() * 24]);
    return poly(
      [...edge(y), ...edge(y + 90 + random() * 70).reverse()],
      n ? p.a : p.i,
      ` transform="rotate(${round(random() * 16 - 8)} 300 300)"`,
    );
  }).join('');
  const shape = mark(moods[0])(whole(random, 150, 450), whole(random, 130, 250), 120, p.a, p.g);
  return {
    art: dots + torn + shape,
    box: { x: 40, y: 270, w: 520, h: 260, at: 'end' },
    face: 'heavy',
    boxed: [p.i, p.g],
    tilt: round(random() * 8 - 4),
  };
};

const soul = ({ random, p, moods, instruments }) => {
  const seat = whole(random, 0, 2);
  const [x, size] = [[0, 300, 600][seat], whole(random, 330, 400) * (seat === 1 ? 0.84 : 1)];
  const width = whole(random, 26, 44);
  const shift = whole(random, 0, 3);
  const colour = (n) => [p.a, p.b, p.c, p.i][(n + shift) % 4];
  const arcs = times(6, (n) => disc(x, 600, size - n * width, colour(n))).join('');
  const core = mark(moods[0])([80, 300, 520][seat], 520, 58, p.g, colour(5));
  const strip = seat === 1 ? '' : texture(instruments[0])(seat ? 36 : 424, 546, 140, 22, p.i);
  return { art: arcs + core + strip, box: { ...above, h: 180, anchor: ['end', 'middle', 'start'][seat] }, face: 'serif', italic: true };
};

const blob = (x, y, size, lobes, depth, shift) => {
  const edge = times(72, (n) => polar(x, y, size * (1 + depth * Math.sin((n / 72) * lobes * 2 * Math.PI + shift)), n / 72));
  return `M${points(edge).replaceAll(' ', 'L')}Z`;
};

const funk = ({ random, p, moods, instruments }) => {
  const [lobes, depth, shift] = [whole(random, 3, 9), 0.08 + random() * 0.16, random() * 6];
  const [x, y, colours] = [whole(random, 220, 380), whole(random, 350, 400), [p.a, p.b, p.c, p.i]];
  const rings = times(6, (n) => path(blob(x, y, 330 - n * 48, lobes, depth, shift + n * 0.35), colours[n % 4])).join('');
  const heart = disc(x, y, 66, p.g) + mark(moods[0])(x, y, 44, p.i, p.g);
  const head = rect(0, 0, 600, 176, p.g) + texture(instruments[0])(0, 164, 600, 24, p.i);
  return { art: rings + heart + head, box: { ...above, y: 32, h: 118 }, face: 'heavy' };
};

const hiphop = ({ random, p, moods, instruments }) => {
  const lit = new Set(times(5, () => whole(random, 0, 14)));
  const big = whole(random, 0, 14);
  const pads = times(15, (n) => {
    const [x, y] = [36 + (n % 5) * 107, 36 + Math.floor(n / 5) * 107];
    const fill = n === big ? p.a : lit.has(n) ? one(random, [p.a, p.b]) : p.c;
    const face = rect(x, y, 100, 100, fill, ' rx="6"');
    if (n === big) return face + mark(moods[0])(x + 50, y + 50, 34, p.g, fill);
    return lit.has(n) && random() < 0.5 ? face + texture(one(random, instruments))(x + 14, y + 40, 72, 20, p.g) : face;
  }).join('');
  return { art: pads, box: { ...below, y: 376, h: 190 }, face: 'heavy', upper: true };
};

const electronic = ({ random, p, moods, instruments }) => {
  const kind = whole(random, 0, 2);
  const [x, y, shift] = [180 + random() * 240, 270 + random() * 100, 30 + random() * 70];
  const circles = () => times(2, (k) => times(26, (n) => ring(x + k * shift, y, 8 + n * 11, k ? p.b : p.a, 3)).join('')).join('');
  const matrix = () =>
    times(440, (n) => {
      const [cx, cy] = [50 + (n % 22) * 24, 120 + Math.floor(n / 22) * 22];
      return disc(cx, cy, 1.5 + 8 * Math.abs(Math.sin(Math.hypot(cx - x, cy - y) / shift)), n % 7 ? p.a : p.b);
    }).join('');
  const ridge = (n) =>
    times(61, (k) => {
      const hill = Math.exp(-(((k * 10 - x) / (40 + shift)) ** 2));
      return [k * 10, 190 + n * 17 - hill * (30 + random() * 70)];
    });
  const ridges = () =>
    times(20, (n) => poly([...ridge(n), [600, 600], [0, 600]], p.g, ` stroke="${n % 5 ? p.a : p.b}" stroke-width="2.5"`)).join('');
  const head = rect(0, 0, 600, 100, p.g) + mark(moods[0])(540, 62, 26, p.b, p.g);
  const foot = texture(instruments[0])(36, 566, 120, 16, p.b);
  return {
    art: [circles, matrix, ridges][kind]() + head + (kind === 2 ? '' : foot),
    box: { x: 36, y: 32, w: 450, h: 62, at: 'start' },
    face: 'mono',
  };
};

const ambient = ({ id, random, p, moods }) => {
  const horizon = whole(random, 300, 430);
  const sky = `<defs><linearGradient id="s-${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${p.g}"/><stop offset=".6" stop-color="${p.a}"/><stop offset="1" stop-color="${p.b}"/></linearGradient></defs>${rect(0, 0, 600, 600, `url(#s-${id})`)}`;
  const x = whole(random, 170, 430);
  const sun =
    [1.7, 1.35, 1].map((s) => disc(x, horizon - 70, 84 * s, p.c, ' opacity=".22"')).join('') +
    `<g opacity=".85">${mark(moods[0])(x, horizon - 70, 66, p.c, p.a)}</g>`;
  const veils = times(
    6,
    (n) =>
      `<ellipse cx="${whole(random, 60, 540)}" cy="${horizon + 20 + n * 34}" rx="${whole(random, 200, 420)}" ry="${whole(random, 14, 46)}" fill="${n % 2 ? p.b : p.c}" opacity=".28"/>`,
  ).join('');
  return {
    art: sky + sun + veils,
    box: { x: 48, y: 48, w: 504, h: 110, at: 'start', anchor: one(random, ['start', 'middle', 'end']) },
    face: 'light',
  };
};

const folk = ({ random, p, moods, instruments }) => {
  const sun = mark(moods[0])(whole(random, 130, 470), 268, whole(random, 56, 78), p.a, p.g);
  const hills = [p.c, p.b, p.i]
    .map((fill, n) => {
      const ridge = wave(360 + n * 66, 18 + random() * 34, 60 + random() * 90, random() * 6);
      const trees = times(whole(random, 2, 7), () => {
        const [x, y] = ridge[whole(random, 1, 29)];
        const high = 36 + random() * 40;
        return (
          poly(
            [
              [x - high * 0.28, y + 6],
              [x, y - high],
              [x + high * 0.28, y + 6],
            ],
            fill,
          ) + rect(x - 2, y, 4, 14, fill)
        );
      }).join('');
      return trees + poly([...ridge, [600, 600], [0, 600]], fill);
    })
    .join('');
  const strip = texture(instruments[0])(36, 556, 528, 20, p.g);
  return { art: sun + hills + strip, box: { ...above, h: 150, anchor: one(random, ['start', 'middle']) }, face: 'serif' };
};

const blues = ({ random, p, moods, instruments }) => {
  const left = random() < 0.5;
  const x = left ? 190 : 410;
  const moon = mark(moods[0])(x, 190, whole(random, 96, 128), p.a, p.g);
  const strings = times(6, (n) =>
    line(
      [
        [x - 66 + n * 26, 0],
        [x - 66 + n * 26, 600],
      ],
      n % 2 ? p.c : p.i,
      1 + n * 0.7,
    ),
  ).join('');
  const slide = rect(x - 92, whole(random, 240, 320), 184, whole(random, 28, 44), p.b, ' rx="14"');
  const head = texture(instruments[0])(left ? 400 : 36, 36, 164, 30, p.c);
  const foot = rect(0, 386, 600, 214, p.g) + rect(0, 386, 600, 6, p.b);
  return { art: moon + strings + slide + head + foot, box: { ...below, y: 414, h: 150 }, face: 'slab' };
};

const reggae = ({ random, p, moods, instruments }) => {
  const bands = [p.a, p.b, p.c].map((fill, n) => rect(0, 186 + n * 138, 600, 138, fill)).join('');
  const columns = whole(random, 2, 4);
  const size = Math.min(552 / columns, 190);
  const left = (600 - size * columns) / 2;
  const boxes = times(columns * 2, (n) => {
    const [x, y] = [left + (n % columns) * size, 600 - 2 * size + Math.floor(n / columns) * size];
    const cone = size * (0.26 + random() * 0.16);
    const [cx, cy] = [x + size / 2, y + size / 2];
    return (
      rect(x + 3, y + 3, size - 6, size - 6, p.i) +
      ring(cx, cy, cone, one(random, [p.a, p.b, p.c]), size * 0.06) +
      disc(cx, cy, cone * 0.42, p.g)
    );
  }).join('');
  const sign = mark(moods[0])(532, 80, 40, p.a, p.g);
  const strip = texture(instruments[0])(0, 172, 600, 28, p.i);
  return { art: bands + boxes + strip + sign, box: { ...above, w: 440, h: 122 }, face: 'heavy' };
};

const spine = ({ random, p }) => {
  const spikes = whole(random, 9, 16);
  const half = times(spikes, (n) => [300 - (n % 2 ? 20 + random() * 70 : 100 + random() * 170), 60 + (n * 330) / spikes]);
  const mirrored = (squeeze, drop, top, foot) => {
    const edge = half.map(([x, y]) => [300 - (300 - x) * squeeze, y + drop]);
    return [[300, top], ...edge, [300, foot], ...edge.map(([x, y]) => [600 - x, y]).reverse()];
  };
  return poly(mirrored(1, 0, 20 + random() * 40, 400 + random() * 40), p.a) + poly(mirrored(0.42, 14, 110, 390), p.b);
};

const sigil = ({ random, p }) => {
  const [tips, skip] = [whole(random, 5, 9) * 2 + 1, whole(random, 3, 6)];
  const turn = random();
  const web = times(tips + 1, (n) => polar(300, 226, 190, turn + (n * skip) / tips));
  const thorns = times(tips, (n) =>
    poly(
      [
        polar(300, 226, 158, turn + (n - 0.25) / tips),
        polar(300, 226, 214, turn + n / tips),
        polar(300, 226, 158, turn + (n + 0.25) / tips),
      ],
      p.a,
    ),
  ).join('');
  return thorns + line(web, p.b, 5) + disc(300, 226, 92, p.a) + disc(300, 226, 80, p.b);
};

const peaks = ({ random, p }) =>
  [p.b, p.a, p.c]
    .map((fill, row) => {
      const count = whole(random, 3, 7);
      const range = times(count * 2 + 1, (n) => [(n * 600) / (count * 2), n % 2 ? 40 + row * 90 + random() * 110 : 330 + row * 24]);
      return poly([...range, [600, 424], [0, 424]], fill);
    })
    .join('');

const metal = ({ random, p, moods, instruments }) => {
  const art = one(random, [spine, sigil, peaks])({ random, p });
  const eye = mark(moods[0])(300, 226, 50, p.g, p.b);
  const strip = texture(instruments[0])(190, 566, 220, 12, p.c);
  return { art: art + eye + strip, box: { x: 30, y: 440, w: 540, h: 112, at: 'end', anchor: 'middle' }, face: 'serif', upper: true };
};

const latin = ({ random, p, moods, instruments }) => {
  const top = random() < 0.5 ? 0 : 200;
  const colours = [p.a, p.b, p.c, p.i];
  const tiles = times(24, (n) => {
    const [x, y] = [(n % 6) * 100, top + Math.floor(n / 6) * 100];
    const [a, b] = [one(random, colours), one(random, [...colours, p.g])];
    const turn = ` transform="rotate(${whole(random, 0, 3) * 90} ${x + 50} ${y + 50})"`;
    const shape = [
      () => path(`M${x} ${y}H${x + 100}A100 100 0 0 1 ${x} ${y + 100}Z`, b, turn),
      () =>
        poly(
          [
            [x, y],
            [x + 100, y],
            [x, y + 100],
          ],
          b,
          turn,
        ),
      () => path(`M${x} ${y}A50 50 0 0 0 ${x + 100} ${y}Z`, b, turn),
      () => disc(x + 50, y + 50, 34, b),
    ][whole(random, 0, 3)];
    return rect(x, y, 100, 100, a) + (a === b ? '' : shape());
  }).join('');
  const [x, y] = [whole(random, 1, 5) * 100, top + 200];
  const sign = disc(x, y, 92, p.g) + ring(x, y, 84, p.i, 5) + mark(moods[0])(x, y, 56, p.i, p.g);
  const strip = texture(instruments[0])(36, top ? 172 : 410, 528, 14, p.i);
  return { art: tiles + sign + strip, box: top ? { ...above, h: 124 } : { ...below, y: 440, h: 128 }, face: 'sans' };
};

const african = ({ random, p, moods, instruments }) => {
  const colours = [p.a, p.b, p.c, p.i];
  const strips = times(6, (k) => {
    const [back, front] = [colours[(k + whole(random, 0, 1)) % 4], one(random, [p.g, p.i, p.b])];
    const pattern = whole(random, 0, 3);
    const cell = (n) => {
      const [x, y] = [k * 100, n * 50];
      if (pattern === 0)
        return poly(
          [
            [x + 50, y + 4],
            [x + 92, y + 25],
            [x + 50, y + 46],
            [x + 8, y + 25],
          ],
          front,
        );
      if (pattern === 1)
        return line(
          [
            [x, y + 40],
            [x + 25, y + 10],
            [x + 50, y + 40],
            [x + 75, y + 10],
            [x + 100, y + 40],
          ],
          front,
          11,
        );
      if (pattern === 2) return n % 2 ? rect(x, y, 100, 50, front) : rect(x + 30, y + 15, 40, 20, front);
      return poly(
        [
          [x, y],
          [x + 50, y + 50],
          [x + 100, y],
        ],
        n % 3 ? front : p.g,
      );
    };
    return rect(k * 100, 0, 100, 600, back) + times(12, cell).join('');
  }).join('');
  const top = whole(random, 1, 4) * 50 + 100;
  const panel =
    rect(0, top, 600, 250, p.g) + texture(instruments[0])(0, top + 12, 600, 22, p.a) + mark(moods[0])(528, top + 196, 38, p.a, p.g);
  return { art: strips + panel, box: { x: 36, y: top + 52, w: 528, h: 176, at: 'start', aside: 90 }, face: 'sans' };
};

const COMPOSE = {
  jazz,
  classical,
  rock,
  punk,
  soul,
  funk,
  'hip-hop': hiphop,
  electronic,
  ambient,
  folk,
  blues,
  reggae,
  metal,
  latin,
  african,
};

export const compose = (genre, subject) => {
  const sleeve = (COMPOSE[genre] ?? jazz)(subject);
  return { ...sleeve, art: ground(subject.p) + sleeve.art };
};
